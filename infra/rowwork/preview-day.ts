import { isClosedDay } from '../../domain/calendar.ts';
import type { SourceAnswer } from '../../domain/checks/source-answer.ts';
import { minorDigits } from '../../domain/currency.ts';
import { formatMicros } from '../../domain/money.ts';
import { slotName } from '../../domain/slot.ts';
import type { OperatingModel, Source } from '../../schemas/operating-model.ts';
import type { Problem } from '../../schemas/problem.ts';
import { type DraftedModel, draftModel, type TransformRules } from '../operating-model/draft-model.ts';
import type { FileSet } from '../operating-model/files.ts';
import { insertVersion, latestVersion, lockClient, storeTransforms } from '../operating-model/store.ts';
import { latestUpload } from '../postgres/capture/uploads.ts';
import { countRecords } from '../postgres/checks/records.ts';
import {
  FIRST_QUARANTINED,
  type QuarantinedRecord,
  quarantinedRecord,
  quarantinedRecords,
} from '../postgres/read/exceptions.ts';
import { type Session, undoing, withSession } from '../postgres/session.ts';
import { SourceFailure } from '../sources/failure.ts';
import { locateFile, slotPath } from '../sources/file/locate.ts';
import { type FileLimits, type SourceOfDay, snapshotOf } from '../sources/file/snapshot.ts';
import { captureSnapshot } from './capture-snapshot.ts';
import { normalizeSource } from './normalize-source.ts';
import { type PreviewedMetric, previewMetrics } from './preview-metrics.ts';

export type PreviewInput = {
  databaseUrl: string;
  customerKey: Uint8Array;
  roots: readonly string[];
  limits: FileLimits;
  /** Texts of the documents by absolute path, and the path of the client's document among them. */
  files: FileSet;
  base: string;
  date: string;
  actor: string;
  /** Day on which owners must be living, `YYYY-MM-DD`. */
  today: string;
};

/** How a source answered: what was read of it, or why nothing was. */
export type PreviewedSource = { source: string; status: 'captured' | 'absent' | 'failed'; message: string };
/** A day's numbers under a draft. `client` is null where the document is not valid; then `problems` say why. */
export type DayPreview = {
  client: string | null;
  businessDate: string;
  captured: { records: number; quarantined: number; duplicates: number; inSuspense: string };
  /** The first records in quarantine. */
  quarantined: readonly QuarantinedRecord[];
  metrics: readonly PreviewedMetric[];
  sources: readonly PreviewedSource[];
  problems: readonly Problem[];
  missing: readonly string[];
};
type Accepted = Extract<DraftedModel, { ok: true }>;
type Work = { session: Session; input: PreviewInput; model: OperatingModel; rules: TransformRules };
/** Of a failure, its type as well: a check keeps it. */
type Answer = PreviewedSource & { type?: string };

/** Stores the draft as the client's next version; resolves with the versions of its transforms. */
async function storeDraft({ db }: Session, draft: Accepted, appliedBy: string): Promise<Record<string, number>> {
  const { model, origins, files, rules } = draft;
  await lockClient(db, model.client);
  const latest = await latestVersion(db, model.client.id);
  const transforms = await storeTransforms(db, model.client.id, rules);
  const version = (latest?.version ?? 0) + 1;
  await insertVersion(db, { version, model, origins, files, transforms, hash: 'preview', appliedBy });
  return transforms;
}

async function captureSource({ session, input }: Work, { clientId, date, source, rule }: SourceOfDay): Promise<Answer> {
  const expected = slotPath(source.options.location, date);
  const uploaded = await latestUpload(session.db, { clientId, sourceId: source.id, slotDate: date });
  const path = uploaded?.path ?? (await locateFile(expected, input.roots));
  if (path === null) return { source: source.id, status: 'absent', message: `${expected}: no such file.` };
  const snapshot = snapshotOf({ clientId, date, source, rule }, { path, name: uploaded?.name ?? path }, input.limits);
  const { records } = await captureSnapshot(session, snapshot);
  return { source: source.id, status: 'captured', message: `${records} records of ${slotName(path, date)}` };
}

/** A source that cannot be read leaves nothing behind, and the others are read all the same. */
async function tryCapture(work: Work, day: SourceOfDay): Promise<Answer> {
  const { client } = work.session;
  await client.query('savepoint source');
  try {
    return await captureSource(work, day);
  } catch (error) {
    if (!(error instanceof SourceFailure)) throw error;
    await client.query('rollback to savepoint source');
    return { source: day.source.id, status: 'failed', type: error.type, message: error.message };
  }
}

async function normalize({ session, input }: Work, day: SourceOfDay, transformVersion: number): Promise<void> {
  const { format, delimiter } = day.source.options;
  await normalizeSource(
    { reader: session, writer: session },
    {
      clientId: day.clientId,
      businessDate: day.date,
      customerKey: input.customerKey,
      rule: day.rule,
      format,
      delimiter,
      transformVersion,
    },
  );
}

async function countCaptured({ session, input, model }: Work): Promise<DayPreview['captured']> {
  const total = { records: 0, quarantined: 0, duplicates: 0 };
  let suspenseMicros = 0n;
  for (const source of model.sources) {
    const counts = await countRecords(session.db, model.client.id, source.id, input.date);
    total.records += counts.records;
    total.quarantined += counts.quarantined;
    total.duplicates += counts.duplicates;
    suspenseMicros += counts.suspenseMicros;
  }
  return { ...total, inSuspense: formatMicros(suspenseMicros, minorDigits(model.client.currency)) };
}

async function firstQuarantined({ session, input, model }: Work): Promise<QuarantinedRecord[]> {
  const sources = model.sources.map((source) => source.id);
  const day = { clientId: model.client.id, businessDate: input.date, sources };
  return (await quarantinedRecords(session.db, day, FIRST_QUARANTINED)).map(quarantinedRecord);
}

/** What the close's checks hear of a source. */
const answerOf =
  (model: OperatingModel, date: string) =>
  ({ source: sourceId, status, message, type = '' }: Answer): SourceAnswer => {
    if (status === 'failed') return { sourceId, status, type, message };
    const closedDay = isClosedDay(model.calendar, date);
    return status === 'absent' ? { sourceId, status, closedDay, message } : { sourceId, status };
  };

async function previewDraft(session: Session, input: PreviewInput, draft: Accepted): Promise<DayPreview> {
  const { model, rules } = draft;
  const work = { session, input, model, rules };
  const transforms = await storeDraft(session, draft, input.actor);
  const dayOf = (source: Source): SourceOfDay => ({
    clientId: model.client.id,
    date: input.date,
    source,
    rule: rules[source.id]!,
  });
  const answers: Answer[] = [];
  for (const source of model.sources) answers.push(await tryCapture(work, dayOf(source)));
  for (const source of model.sources) await normalize(work, dayOf(source), transforms[source.id]!);
  return {
    client: model.client.id,
    businessDate: input.date,
    captured: await countCaptured(work),
    quarantined: await firstQuarantined(work),
    metrics: await previewMetrics(session, { ...input, model, answers: answers.map(answerOf(model, input.date)) }),
    sources: answers.map(({ type: _, ...source }) => source),
    problems: [],
    missing: [],
  };
}

const refused = (date: string, problems: readonly Problem[], missing: readonly string[]): DayPreview => ({
  client: null,
  businessDate: date,
  captured: { records: 0, quarantined: 0, duplicates: 0, inSuspense: '0.00' },
  quarantined: [],
  metrics: [],
  sources: [],
  problems,
  missing,
});

/**
 * Computes a day under a draft by what the close itself does, in one transaction that is always rolled back. Runs in a
 * row-work thread.
 */
export default async function previewDay(input: PreviewInput): Promise<DayPreview> {
  const draft = draftModel(input.files, input.base, input.today);
  if (!draft.ok) return refused(input.date, draft.problems, draft.missing);
  return withSession(input.databaseUrl, (session) => undoing(session, () => previewDraft(session, input, draft)));
}
