import type { Finding } from '../domain/publish/finding.ts';
import { governanceOf } from '../domain/publish/governance.ts';
import type { Tx } from '../infra/postgres/connect.ts';
import type { PinnedModel } from '../infra/postgres/model.ts';
import {
  exceptionId,
  isHealing,
  markDecision,
  resolveUnfound,
  standingApproval,
  upsertException,
} from '../infra/postgres/publish/exceptions.ts';
import type { DayKey } from './capture.ts';

/** `healing`: automatic re-runs remain before a person is asked. */
export type OpenedException = { id: string; kind: string; subject: string; healing: boolean };
export type SettledFindings = {
  /** Findings that withhold. */
  standing: readonly Finding[];
  /** Findings that a person has accepted, for exactly what is found now. */
  accepted: readonly Finding[];
  opened: readonly OpenedException[];
  resolved: readonly string[];
};

type Day = { key: DayKey; model: PinnedModel; inputs: { hash: string } };

function governed({ model }: Day, finding: Finding): { owner: string; deputy: string; maximumReruns: number } {
  const { owner, deputy, rerun } = governanceOf(model.document, finding);
  return { owner, deputy, maximumReruns: rerun.attempts };
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
    const row = await upsertException(tx, {
      key: day.key,
      finding,
      inputHash: day.inputs.hash,
      ...governed(day, finding),
      withheld,
    });
    opened.push({ id: row.exception_id, kind: row.kind, subject: row.subject, healing: isHealing(row) });
  }
  const openIds = opened.map((one) => one.id);
  const resolution = accepted.length > 0 ? 'accepted or no longer found' : 'no longer found';
  return { standing, accepted, opened, resolved: await resolveUnfound(tx, day.key, openIds, resolution) };
}
