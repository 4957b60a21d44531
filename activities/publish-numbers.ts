import { REPLACED } from '../domain/publish/certify.ts';
import { finalAt } from '../domain/publish/finality.ts';
import type { RevisionReason } from '../domain/publish/revision-reason.ts';
import { type Group, groupOf } from '../domain/publish/sort.ts';
import type { AuditHead } from '../infra/postgres/audit.ts';
import type { Tx } from '../infra/postgres/connect.ts';
import type { StoredValue } from '../infra/postgres/metrics/values.ts';
import { issueCertificates, issueKept, lapseGroups, noteDropped } from '../infra/postgres/publish/certificates.ts';
import { exceptionId } from '../infra/postgres/publish/exceptions.ts';
import { insertNumbers } from '../infra/postgres/publish/numbers.ts';
import { storeWithheld, type WithheldNumber } from '../infra/postgres/publish/withheld.ts';
import { type AcceptedByGroup, certificatesOf, keptDecisions } from './publish-certificates.ts';
import type { PublishingDay } from './publish-day.ts';
import type { Sorted } from './publish-reasons.ts';
import { type JudgedChanges, keptGroups } from './publish-revisions.ts';

function withheldNumbers({ key }: PublishingDay, { withheld }: Sorted): WithheldNumber[] {
  return [...withheld].map(([{ storeId, metric, dimension, member }, { reason, finding }]) => ({
    storeId,
    metric,
    dimension,
    member,
    reason,
    exceptionId: finding && exceptionId(key.clientId, key.businessDate, finding),
  }));
}

/**
 * The versions that an attempt publishes: the first ones, and those of what is revised. A member that is new on a
 * published day has its first one for a reason.
 */
export function versionsOf(
  sorted: Sorted,
  changes: JudgedChanges,
  memberReasons: ReadonlyMap<StoredValue, RevisionReason>,
) {
  const held = new Set([...changes.held, ...keptGroups(changes)].map(groupOf));
  const first = sorted.fresh
    .filter((one) => !held.has(groupOf(one)))
    .map((value) => ({ ...value, version: 1, basis: 'first' as const, reason: memberReasons.get(value) ?? null }));
  const revised = changes.revisions.map(({ value, before, basis, reason }) => ({
    ...value,
    version: before.version + 1,
    basis,
    reason,
  }));
  return [...first, ...revised];
}

/** What a day publishes, certifies and leaves. */
export type Outcome = {
  sorted: Sorted;
  changes: JudgedChanges;
  accepted: AcceptedByGroup;
  versions: ReturnType<typeof versionsOf>;
};

/** Publishes new versions and certifies what stands; what is published and no longer holds loses its certificate. */
export async function publishNumbers(tx: Tx, day: PublishingDay, outcome: Outcome, head: AuditHead): Promise<void> {
  const { key, model, catalog } = day;
  const { sorted, changes, accepted, versions } = outcome;
  const held = new Set([...changes.held, ...changes.standing, ...keptGroups(changes)].map(groupOf));
  const certifiable = sorted.open.filter((one) => !held.has(groupOf(one)));
  const forsaken: Group[] = [...sorted.shut, ...changes.held, ...changes.standing];
  await lapseGroups(tx, key, forsaken, 'the number that is published no longer holds');
  await lapseGroups(tx, key, certifiable, REPLACED);
  await noteDropped(tx, key, sorted.dropped);
  if (changes.kept) await issueKept(tx, key, keptDecisions(changes.kept), head);
  const certificates = certificatesOf(day, certifiable, accepted, changes.released);
  const issued = await issueCertificates(tx, key, certificates, day.inputs, head);
  const numbers = versions.map((one) => ({
    ...one,
    certificateId: issued.get(groupOf(one))!,
    finalAt: finalAt(model.document, catalog, one.metric, key.businessDate),
  }));
  await insertNumbers(tx, key, numbers);
  await storeWithheld(tx, key, withheldNumbers(day, sorted));
}
