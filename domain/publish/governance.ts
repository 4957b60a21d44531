import { DEFAULTS } from '../../schemas/operating-model/defaults.ts';
import type { MakerChecker, OperatingModel, RerunPolicy } from '../../schemas/operating-model.ts';

/** Who answers for a finding, and by which rules: the source's contract, or the client's policy. */
export type Governance = {
  owner: string;
  deputy: string;
  rerun: RerunPolicy;
  decideWithin: string;
  reminder?: string;
  deputyAfter?: string;
  acknowledgeFor: string;
  makerChecker?: MakerChecker;
  escalateTo: string;
};

/** What re-runs do, with what the rules leave unsaid: documents that were stored before say nothing of it. */
export const rerunTermsOf = ({ from, tell }: RerunPolicy): Required<Pick<RerunPolicy, 'from' | 'tell'>> => ({
  from: from ?? DEFAULTS.rerunFrom,
  tell: tell ?? DEFAULTS.rerunTell,
});

/**
 * What governs a finding on a source is its contract; on a metric, its owner under the client's policy; on a hand-off
 * of the report, the report's owner under it.
 */
export function governanceOf(
  model: OperatingModel,
  finding: { source: string | null; metric: string | null; kind?: string },
): Governance {
  const contract = model.sources.find((one) => one.id === finding.source)?.contract;
  const { owners, exceptions } = model;
  const ofReport = finding.kind === 'handoff' ? (owners.reports[model.report.id] ?? owners.reports['*']) : undefined;
  const { owner, deputy } =
    contract ?? ofReport ?? owners.metrics[finding.metric ?? '*'] ?? owners.metrics['*'] ?? owners.incidents;
  const { rerun, decideWithin, reminder, deputyAfter, acknowledgeFor, makerChecker, escalateTo } =
    contract ?? exceptions;
  return {
    owner,
    deputy,
    // A change to what is published is not healed by trying again.
    rerun: finding.kind === 'revision' ? { ...rerun, attempts: 0 } : rerun,
    decideWithin,
    reminder,
    deputyAfter,
    // Documents that were stored before there were claims say nothing of them.
    acknowledgeFor: acknowledgeFor ?? DEFAULTS.acknowledgeFor,
    makerChecker,
    escalateTo,
  };
}
