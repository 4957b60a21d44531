import { parseInstant } from '../../../domain/business-day.ts';
import { fieldReader, type Row } from '../../../domain/fields.ts';
import { decimalWithPoint, showsThousands } from '../../../domain/normalize/decimal-comma.ts';
import type { Offsets } from '../../../domain/remediation/clocks.ts';
import { testMarks } from '../../../domain/remediation/test-marks.ts';
import type { Source } from '../../../schemas/operating-model.ts';
import { locateSource } from '../../postgres/capture/locate-source.ts';
import { SourceFailure } from '../../sources/failure.ts';
import { fileFormatOf } from '../../sources/file/format.ts';
import { type FileFormat, readRecords } from '../../sources/file/read.ts';
import type { FileLimits } from '../../sources/file/snapshot.ts';
import { storedRecords } from '../stored-records.ts';
import type { Situation } from './situation.ts';

/** What a source's records of the day look like. */
export type Survey = {
  records: number;
  /** Of each field how many records have it, and some of what it holds. */
  fields: ReadonlyMap<string, { records: number; samples: readonly unknown[] }>;
  /** Fields with decimals that are written with a comma, and how many records have such a one. */
  commas: ReadonlyMap<string, number>;
  /** Of these, fields whose dots part thousands. */
  thousands: ReadonlySet<string>;
  /** Conditions that tell test orders, and of how many records they hold. */
  marks: ReadonlyMap<string, number>;
  offsets: Offsets;
};

/** A survey looks for patterns: so many records show them, and a larger day is not read whole. */
const MOST_RECORDS = 50_000;
const SAMPLES = 50;

const STANDING_OF_DAY = `
  select r.raw_event_id, r.batch_id, '', r.payload from raw_event r left join inactive_event i using (raw_event_id)
  where r.client_id = $1 and r.source_id = $2 and r.business_date = $3 and i.raw_event_id is null
    and r.defect is null and r.payload is not null
  order by r.raw_event_id limit ${MOST_RECORDS}`;

const increment = (counts: Map<string, number>, key: string): void => void counts.set(key, (counts.get(key) ?? 0) + 1);

function surveyor({ mapping }: Source) {
  const timeOf = fieldReader(mapping.occurredAt.field);
  const fields = new Map<string, { records: number; samples: unknown[] }>();
  const commas = new Map<string, number>();
  const thousands = new Set<string>();
  const marks = new Map<string, number>();
  const offsets = { stated: false, left: false };
  const survey = { records: 0, fields, commas, thousands, marks, offsets };
  const look = (row: Row): void => {
    survey.records += 1;
    for (const [field, value] of Object.entries(row)) {
      const seen = fields.get(field) ?? { records: 0, samples: [] };
      fields.set(field, seen);
      seen.records += 1;
      if (seen.samples.length < SAMPLES) seen.samples.push(value);
      if (decimalWithPoint(value) !== null) increment(commas, field);
      if (showsThousands(value)) thousands.add(field);
    }
    for (const mark of testMarks(row)) increment(marks, mark);
    offsets[parseInstant(String(timeOf(row))) === null ? 'left' : 'stated'] = true;
  };
  return { survey, look };
}

/** Where the files of a source may be looked at. */
export type Reach = { roots: readonly string[]; limits: FileLimits };

const ofAnyColumns = (source: Source, { limits }: Reach): FileFormat => ({
  ...fileFormatOf(source, limits.maximumRecordBytes),
  requiredColumns: [],
  knownColumns: [],
});

/** A file that could not be captured still shows its first records. */
async function lookAtFile(
  { session, day }: Situation,
  source: Source,
  reach: Reach,
  look: (row: Row) => void,
): Promise<void> {
  try {
    const place = { clientId: day.clientId, date: day.businessDate };
    const file = await locateSource(session.db, reach.roots, source, place);
    if (file === null) return;
    for await (const { records } of readRecords(file.path, ofAnyColumns(source, reach))) {
      for (const { row } of records) if (row) look(row);
      return;
    }
  } catch (error) {
    if (!(error instanceof SourceFailure)) throw error;
  }
}

/** Reads the standing records of a source and day once, whether they are valid or not. */
export async function surveySource(situation: Situation, source: Source, reach: Reach): Promise<Survey> {
  const { session, day } = situation;
  const { survey, look } = surveyor(source);
  const stored = { clientId: day.clientId, sourceId: source.id, ...source.options };
  const query = { text: STANDING_OF_DAY, values: [day.clientId, source.id, day.businessDate] };
  for await (const records of storedRecords(session, stored, query)) for (const { row } of records) look(row);
  if (survey.records === 0) await lookAtFile(situation, source, reach, look);
  return survey;
}
