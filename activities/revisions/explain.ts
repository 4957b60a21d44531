import { metricCatalog } from '../../domain/metrics/catalog.ts';
import { certificateWords } from '../../domain/publish/certificate-words.ts';
import type { Db } from '../../infra/postgres/connect.ts';
import { loadModel } from '../../infra/postgres/model.ts';
import { recordChanges } from '../../infra/postgres/read/changes/records.ts';
import type { RecordState } from '../../infra/postgres/read/changes/span.ts';
import { type VersionRow, versionsOf } from '../../infra/postgres/read/versions.ts';
import { type DayCertificate, dayCertificates } from '../../infra/postgres/report/certificates.ts';
import type { OwedNumber } from '../../infra/postgres/report/told.ts';
import type { OperatingModel } from '../../schemas/operating-model.ts';
import { versionsTold } from '../report/owed.ts';

/** What a correction says of a number beside its values. */
export type Told = { certificate: string; explanation: string | null };
/** Tells of a number that was looked up. */
export type TellingOf = (one: OwedNumber) => Told;

/** Of so many numbers of a night the records are looked up: a notice of more is read for its sums. */
const MOST_EXPLAINED = 40;

const keyOf = (one: OwedNumber): string => JSON.stringify(versionsTold(one));

const STATES: readonly (readonly [RecordState, string])[] = [
  ['new', 'new'],
  ['changed', 'changed'],
  ['gone', 'gone'],
];

/** "2 records are new, 1 is changed." Null where no record explains the change. */
function recordsWords(sums: readonly { state: RecordState; records: bigint }[]): string | null {
  const parts = STATES.flatMap(([state, words]) => {
    const count = sums.filter((one) => one.state === state).reduce((all, one) => all + one.records, 0n);
    return count === 0n ? [] : [{ count, words }];
  });
  if (parts.length === 0) return null;
  const told = parts.map(({ count, words }, at) => {
    const noun = at === 0 ? (count === 1n ? ' record' : ' records') : '';
    return `${count}${noun} ${count === 1n ? 'is' : 'are'} ${words}`;
  });
  return `${told.join(', ')}.`;
}

type Reader = { db: Db; clientId: string };

/** The document that a number was made under. */
const modelOf = async ({ db, clientId }: Reader, version: number): Promise<OperatingModel> =>
  (await loadModel(db, clientId, version)).document;

async function measured(reader: Reader, row: VersionRow) {
  return { ...row, catalog: metricCatalog(await modelOf(reader, row.evidence.modelVersion)) };
}

async function explanationOf(reader: Reader, one: OwedNumber): Promise<string | null> {
  const { db, clientId } = reader;
  const { business_date: businessDate, metric, store_id: storeId, dimension, member } = one;
  const key = { clientId, businessDate, metric, storeId, dimension, member };
  const rows = await versionsOf(db, key);
  const [told, now] = [one.told_version, one.version].map((version) => rows.find((row) => row.version === version));
  if (!told || !now) return null;
  const changes = await recordChanges(db, key, await measured(reader, told), await measured(reader, now));
  return changes && recordsWords(changes.sums);
}

async function certificateOf(reader: Reader, one: OwedNumber, own: DayCertificate | undefined): Promise<string> {
  if (!own) return '';
  const model = await modelOf(reader, own.modelVersion);
  const title = metricCatalog(model).get(one.metric)?.title ?? one.metric;
  return certificateWords({ model, metric: { title }, businessDate: one.business_date }, own);
}

/** Reads the certificates of numbers that are owed to destinations, and which records made them others. */
export async function readTellings(db: Db, clientId: string, owed: readonly OwedNumber[]): Promise<TellingOf> {
  const reader = { db, clientId };
  const certificates = new Map<string, DayCertificate[]>();
  for (const date of new Set(owed.map((one) => one.business_date)))
    certificates.set(date, await dayCertificates(db, clientId, date));
  const numbers = [...new Map(owed.map((one) => [keyOf(one), one])).values()];
  const explained = numbers.length <= MOST_EXPLAINED;
  const told = new Map<string, Told>();
  for (const one of numbers) {
    const ofDay = certificates.get(one.business_date) ?? [];
    const own = ofDay.find(({ storeId, metric }) => storeId === one.store_id && metric === one.metric);
    told.set(keyOf(one), {
      certificate: await certificateOf(reader, one, own),
      explanation: explained ? await explanationOf(reader, one) : null,
    });
  }
  return (one) => told.get(keyOf(one))!;
}
