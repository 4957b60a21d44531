import type { Finding } from '../domain/publish/finding.ts';
import type { Tx } from '../infra/postgres/connect.ts';
import type { PinnedModel } from '../infra/postgres/model.ts';
import { exceptionId, markDecision, resolveUnfound, standingApproval, upsertException } from '../infra/postgres/publish/exceptions.ts';
import type { DayKey } from './capture.ts';

export type OpenedException = { id: string; kind: string; subject: string };
export type SettledFindings = {
  /** Findings that withhold. */
  standing: readonly Finding[];
  /** Findings that a person has accepted, for exactly what is found now. */
  accepted: readonly Finding[];
  opened: readonly OpenedException[];
  resolved: readonly string[];
};

type Day = { key: DayKey; model: PinnedModel; inputs: { hash: string } };
type Ownership = { owner: string; deputy: string };

function ownersOf({ model }: Day, finding: Finding): Ownership {
  const { document } = model;
  const source = document.sources.find((one) => one.id === finding.source);
  if (source) return { owner: source.contract.owner, deputy: source.contract.deputy };
  const byMetric = document.owners.metrics as Record<string, Ownership>;
  return byMetric[finding.metric ?? '*'] ?? byMetric['*'] ?? document.owners.incidents;
}

/** An acceptance holds for the inputs and the difference that the person saw; for any other it is spent. */
async function isAccepted(tx: Tx, day: Day, finding: Finding): Promise<boolean> {
  const id = exceptionId(day.key.clientId, day.key.businessDate, finding);
  const approval = await standingApproval(tx, id);
  if (!approval) return false;
  const fits = approval.input_hash === day.inputs.hash && approval.difference_micros === finding.differenceMicros;
  await markDecision(tx, approval.decision_id, fits ? 'used' : 'spent', day.key.attempt);
  return fits;
}

/** Compares what is found with what was decided: opens, renews and resolves the day's exceptions. */
export async function settleFindings(tx: Tx, day: Day, findings: readonly Finding[]): Promise<SettledFindings> {
  const standing: Finding[] = [];
  const accepted: Finding[] = [];
  const opened: OpenedException[] = [];
  for (const finding of findings) {
    if (await isAccepted(tx, day, finding)) {
      accepted.push(finding);
      continue;
    }
    standing.push(finding);
    const withheld = finding.metric ? [finding.metric] : [];
    const row = await upsertException(tx, { key: day.key, finding, inputHash: day.inputs.hash, ...ownersOf(day, finding), withheld });
    opened.push({ id: row.exception_id, kind: row.kind, subject: row.subject });
  }
  const openIds = opened.map((one) => one.id);
  const resolution = accepted.length > 0 ? 'accepted or no longer found' : 'no longer found';
  return { standing, accepted, opened, resolved: await resolveUnfound(tx, day.key, openIds, resolution) };
}
