import type { OperatingModel, RerunPolicy } from '../../schemas/operating-model.ts';

/** Who answers for a finding, and by which rules: the source's contract, or the client's policy. */
export type Governance = {
  owner: string;
  deputy: string;
  rerun: RerunPolicy;
  decideWithin: string;
  escalateTo: string;
};

/** What governs a finding on a source is its contract; on a metric, its owner under the client's policy. */
export function governanceOf(
  model: OperatingModel,
  finding: { source: string | null; metric: string | null },
): Governance {
  const contract = model.sources.find((one) => one.id === finding.source)?.contract;
  const { owners, exceptions } = model;
  const { owner, deputy } =
    contract ?? owners.metrics[finding.metric ?? '*'] ?? owners.metrics['*'] ?? owners.incidents;
  const { rerun, decideWithin, escalateTo } = contract ?? exceptions;
  return { owner, deputy, rerun, decideWithin, escalateTo };
}
