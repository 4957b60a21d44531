import type { Finding } from '../domain/publish/finding.ts';
import { governanceOf } from '../domain/publish/governance.ts';
import type { Tx } from '../infra/postgres/connect.ts';
import { emitExceptions } from '../infra/postgres/events/exceptions.ts';
import {
  type ApprovalRow,
  type ExceptionRow,
  exceptionId,
  isHealing,
  markDecisions,
  resolveOthers,
  standingApprovals,
  upsertExceptions,
} from '../infra/postgres/publish/exceptions.ts';
import type { PublishingDay } from './publish-day.ts';

/** `healing`: automatic re-runs remain before a person is asked. */
export type OpenedException = { id: string; kind: string; subject: string; healing: boolean };

export const openedOf = (row: ExceptionRow): OpenedException => ({
  id: row.exception_id,
  kind: row.kind,
  subject: row.subject,
  healing: isHealing(row),
});

/** A person has accepted a finding, or kept a change out, for exactly what is found now. */
export type AcceptedFinding = { finding: Finding; approval: ApprovalRow };
export type JudgedFindings = {
  /** Findings that withhold. */
  standing: readonly Finding[];
  accepted: readonly AcceptedFinding[];
};

const idOf = ({ key }: PublishingDay, finding: Finding): string => exceptionId(key.clientId, key.businessDate, finding);

/** An acceptance holds for the inputs and the difference that the person saw; for any other it is spent. */
const fits = ({ inputs }: PublishingDay, finding: Finding, approval: ApprovalRow): boolean =>
  approval.input_hash === inputs.hash && approval.difference_micros === finding.differenceMicros;

/** Tells findings that withhold from those that a person has accepted, and notes which decisions were used or spent. */
export async function judgeFindings(tx: Tx, day: PublishingDay, findings: readonly Finding[]): Promise<JudgedFindings> {
  if (findings.length === 0) return { standing: [], accepted: [] };
  const approvals = await standingApprovals(
    tx,
    findings.map((one) => idOf(day, one)),
  );
  const byException = new Map(approvals.map((one) => [one.exception_id, one]));
  const accepted = findings.flatMap((finding) => {
    const approval = byException.get(idOf(day, finding));
    return approval && fits(day, finding, approval) ? [{ finding, approval }] : [];
  });
  const used = accepted.map((one) => one.approval.decision_id);
  const spent = approvals.map((one) => one.decision_id).filter((id) => !used.includes(id));
  await markDecisions(tx, used, 'used', day.key.attempt);
  await markDecisions(tx, spent, 'spent', day.key.attempt);
  const isAccepted = new Set(accepted.map((one) => one.finding));
  return { standing: findings.filter((one) => !isAccepted.has(one)), accepted };
}

/** Opens, renews and resolves the day's exceptions. `withheldBy` names the metrics that a finding holds back. */
export async function settleExceptions(
  tx: Tx,
  day: PublishingDay,
  { standing, accepted }: JudgedFindings,
  withheldBy: (finding: Finding) => readonly string[],
): Promise<{ opened: readonly OpenedException[]; resolved: readonly string[] }> {
  const found = standing.map((finding) => {
    const { owner, deputy, rerun } = governanceOf(day.model.document, finding);
    return { finding, owner, deputy, maximumReruns: rerun.attempts, withheld: withheldBy(finding) };
  });
  const rows = await upsertExceptions(tx, day.key, day.inputs.hash, found);
  const opened = rows.map(openedOf);
  const decidedBy = (verb: 'approve' | 'reject') =>
    accepted.filter(({ approval }) => approval.verb === verb).map((one) => idOf(day, one.finding));
  const resolved = await resolveOthers(
    tx,
    day.key,
    opened.map((one) => one.id),
    decidedBy('approve'),
    decidedBy('reject'),
  );
  await emitExceptions(tx, [...opened.map((one) => one.id), ...resolved], day.model.document);
  return { opened, resolved };
}
