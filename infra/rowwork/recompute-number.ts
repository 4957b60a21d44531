import { metricCatalog, withInputs } from '../../domain/metrics/catalog.ts';
import type { Facts } from '../../domain/metrics/compute.ts';
import type { Metric } from '../../domain/metrics/definition.ts';
import { numberValue } from '../../domain/metrics/number-value.ts';
import { compileTransform } from '../../domain/normalize/normalize.ts';
import { compileRecordSchema } from '../../schemas/ajv.ts';
import type { OperatingModel } from '../../schemas/operating-model.ts';
import { narrow } from '../postgres/access/scope.ts';
import { copyInto, copyText, openCopy } from '../postgres/copy.ts';
import { loadModel } from '../postgres/model.ts';
import {
  type CertificateToRecompute,
  certificateToRecompute,
  certifiedRecords,
  transformOf,
  versionsOfBatches,
} from '../postgres/read/certified-records.ts';
import { countSold, createSold, SOLD } from '../postgres/read/sold.ts';
import { inTransaction, type Session, withSession } from '../postgres/session.ts';
import { customerKeyer } from './customer-key.ts';
import { type DayFacts, gatherFacts, memberOf, noFacts } from './recompute/day-facts.ts';
import { storedRecords } from './stored-records.ts';

/** A published number, by what it stands on. `dimension` '' is the total, `storeId` '' the client as a whole. */
export type RecomputeInput = {
  databaseUrl: string;
  customerKey: Uint8Array;
  clientId: string;
  certificateId: string;
  metric: string;
  storeId: string;
  dimension: string;
  member: string;
};
export type RecomputedNumber = { valueMicros: bigint | null; records: number };

type Work = {
  input: RecomputeInput;
  reader: Session;
  writer: Session;
  certificate: CertificateToRecompute;
  model: OperatingModel;
  facts: DayFacts;
  /** Orders and customers are counted as a set; metrics that need neither skip that. */
  countsSales: boolean;
};
/** How the stored records of a source mean entries: a pinned transform, and the batches that it reads. */
type Reading = { sourceId: string; version: number; batches: readonly bigint[] };

/** Reads what one transform makes of a source's certified records, and adds what falls on the day. */
async function readSource(work: Work, { sourceId, version, batches }: Reading): Promise<number> {
  const { input, reader, writer, certificate, model, facts } = work;
  const rule = await transformOf(writer.db, input.clientId, sourceId, version);
  const source = model.sources.find((one) => one.id === sourceId)!;
  const transform = compileTransform(rule, compileRecordSchema(rule.schema));
  const keyOf = customerKeyer(input.customerKey, input.clientId);
  const stored = { clientId: input.clientId, sourceId, ...source.options };
  let read = 0;
  for await (const records of storedRecords(reader, stored, certifiedRecords(input.certificateId, sourceId, batches))) {
    const sold: string[] = [];
    read += records.length;
    for (const { rawEventId, row } of records) {
      const outcome = transform(row, rawEventId);
      if (outcome.kind === 'quarantine') continue;
      const { shared } = outcome;
      if (input.dimension !== '' && memberOf(shared, input.dimension) !== input.member) continue;
      for (const entry of outcome.entries) {
        if (entry.businessDate !== certificate.business_date) continue;
        facts.add(rule.storeId, entry);
        if (!work.countsSales || entry.kind !== 'gross_sales') continue;
        const customer = shared.customer === null ? '\\N' : keyOf(shared.customer);
        sold.push(`${copyText(rule.storeId)}\t${copyText(entry.orderId)}\t${customer}`);
      }
    }
    if (sold.length > 0) await copyInto(openCopy(writer.client, SOLD), [sold]);
  }
  return read;
}

async function readSources(work: Work): Promise<number> {
  const { input, writer, certificate } = work;
  let read = 0;
  for (const [sourceId, pinned] of Object.entries(certificate.transforms)) {
    const versions = await versionsOfBatches(writer.db, input.certificateId, sourceId, pinned);
    for (const [version, batches] of versions) read += await readSource(work, { sourceId, version, batches });
  }
  return read;
}

async function factsOf({ input, writer, certificate, facts, countsSales }: Work): Promise<Map<string, Facts>> {
  const byStore = new Map(facts.byStore);
  if (!countsSales) return byStore;
  const { business_date: businessDate, issued_at: asOf } = certificate;
  const counts = await countSold(writer.db, { clientId: input.clientId, businessDate, asOf });
  for (const [storeId, counted] of counts) byStore.set(storeId, { ...(byStore.get(storeId) ?? noFacts()), ...counted });
  return byStore;
}

const countsSales = (metrics: readonly Metric[]): boolean =>
  metrics.some(({ formula }) => formula.by === 'orders' || formula.by === 'customers');

async function recompute(input: RecomputeInput, reader: Session, writer: Session): Promise<RecomputedNumber> {
  for (const { db } of [reader, writer]) await narrow(db, { clients: [input.clientId] });
  const certificate = await certificateToRecompute(writer.db, input.certificateId);
  const { document: model } = await loadModel(writer.db, input.clientId, certificate.model_version);
  const metrics = withInputs(metricCatalog(model), input.metric);
  const work = { input, reader, writer, certificate, model, facts: gatherFacts(), countsSales: countsSales(metrics) };
  if (work.countsSales) await createSold(writer.db);
  const records = await readSources(work);
  const place = { ...input, businessDate: certificate.business_date };
  return { valueMicros: numberValue(model, metrics, place, await factsOf(work), noFacts()), records };
}

/**
 * Computes a published number once more from the raw events that its certificate names, with the transform versions that
 * it pins; what the ledger says of the day is not looked at. Of earlier days only who had ordered before is read, as the
 * ledger held it then. Runs in a thread, under the API's own role and scope.
 */
export default function recomputeNumber(input: RecomputeInput): Promise<RecomputedNumber> {
  return withSession(input.databaseUrl, (reader) =>
    withSession(input.databaseUrl, (writer) =>
      inTransaction(reader, () => inTransaction(writer, () => recompute(input, reader, writer))),
    ),
  );
}
