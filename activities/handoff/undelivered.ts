import type { Finding } from '../../domain/publish/finding.ts';
import { governanceOf } from '../../domain/publish/governance.ts';
import type { AttemptKey } from '../../infra/postgres/close/attempt.ts';
import type { Tx } from '../../infra/postgres/connect.ts';
import { emitExceptions } from '../../infra/postgres/events/exceptions.ts';
import { endHandoffException } from '../../infra/postgres/handoff/exceptions.ts';
import { type HandoffFacts, type HandoffRow, handoffId, moveHandoffs } from '../../infra/postgres/handoff/rows.ts';
import {
  type ApprovalRow,
  exceptionId,
  markDecisions,
  standingApprovals,
  upsertExceptions,
} from '../../infra/postgres/publish/exceptions.ts';
import type { OperatingModel } from '../../schemas/operating-model.ts';

/** A report that is not where it belongs, and why. `version` is null where there is no report yet. */
export type Undelivered = {
  subject: string;
  event: 'refuse' | 'miss';
  version: string | null;
  message: string;
  facts?: HandoffFacts;
};

const findingOf = ({ subject, message }: Pick<Undelivered, 'subject' | 'message'>): Finding => ({
  kind: 'handoff',
  subject,
  metric: null,
  source: null,
  store: null,
  slice: '',
  dimension: '',
  controlId: null,
  differenceMicros: null,
  currency: null,
  message,
});

const reportOf = ({ version }: Pick<Undelivered, 'version'>): string => `report ${version ?? 'none'}: `;
const inputOf = (one: Undelivered): string => `${reportOf(one)}${one.message}`.slice(0, 200);

/** A rejection lets this version of a report rest, in whatever way it fails; a later version is owed anew. */
export const restsAt = (inputHash: string, version: string | null): boolean =>
  inputHash.startsWith(reportOf({ version }));

/** What somebody has said of exactly this: accepted as it fails, or rejected; null where it is news. */
async function saidOf(tx: Tx, key: AttemptKey, id: string, one: Undelivered): Promise<ApprovalRow['verb'] | null> {
  const [said] = await standingApprovals(tx, [id]);
  if (!said) return null;
  const fits = said.verb === 'reject' ? restsAt(said.input_hash, one.version) : said.input_hash === inputOf(one);
  await markDecisions(tx, [said.decision_id], fits ? 'used' : 'spent', key.attempt);
  return fits ? said.verb : null;
}

/**
 * Notes that a report did not reach a destination and opens the exception of it, or renews it; where somebody has
 * accepted that, both end, and what was rejected rests. Runs under the day's lock; the audit row is the caller's.
 */
export async function noteUndelivered(
  tx: Tx,
  key: AttemptKey,
  model: OperatingModel,
  one: Undelivered,
): Promise<HandoffRow[]> {
  const finding = findingOf(one);
  const id = exceptionId(key.clientId, key.businessDate, finding);
  const hand = handoffId(key, 'destination', one.subject);
  const said = await saidOf(tx, key, id, one);
  if (said !== null) {
    if (said === 'approve') await endHandoffException(tx, id, key.attempt, 'accepted');
    return moveHandoffs(tx, 'forgive', [hand]);
  }
  const { owner, deputy, rerun } = governanceOf(model, finding);
  const found = { finding, owner, deputy, maximumReruns: rerun.attempts, withheld: [] };
  await upsertExceptions(tx, key, inputOf(one), [found]);
  await emitExceptions(tx, [id], model);
  const facts = { ...one.facts, exceptionId: id, ...(one.version !== null && { version: one.version }) };
  return moveHandoffs(tx, one.event, [hand], facts);
}

/** The exception of a report that did not reach a destination. */
export const undeliveredId = (key: AttemptKey, subject: string): string =>
  exceptionId(key.clientId, key.businessDate, { kind: 'handoff', subject });
