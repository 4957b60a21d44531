import { certificateState } from '../domain/publish/certify.ts';
import type { Finding } from '../domain/publish/finding.ts';
import { groupOf } from '../domain/publish/sort.ts';
import { sourcesOf } from '../domain/publish/streams.ts';
import { compileWithholding } from '../domain/publish/withhold.ts';
import { ratesOn } from '../domain/rates.ts';
import type { StoredValue } from '../infra/postgres/metrics/values.ts';
import type { NewCertificate } from '../infra/postgres/publish/certificates.ts';
import { forWithholding, type PublishingDay } from './publish-day.ts';
import type { AcceptedFinding } from './publish-findings.ts';
import type { Kept } from './publish-kept.ts';

/** The groups that an accepted finding withheld before. */
function withheldBefore(day: PublishingDay, { finding }: AcceptedFinding): ReadonlySet<string> {
  const withhold = compileWithholding({ ...forWithholding(day), findings: [finding] });
  return new Set(day.values.filter((value) => withhold(value)?.finding).map(groupOf));
}

/** The findings that people accepted on any number of a group, by `groupOf`. */
export type AcceptedByGroup = ReadonlyMap<string, readonly AcceptedFinding[]>;

export function acceptedOn(day: PublishingDay, accepted: readonly AcceptedFinding[]): AcceptedByGroup {
  const byGroup = new Map<string, AcceptedFinding[]>();
  for (const one of accepted) {
    for (const key of withheldBefore(day, one)) byGroup.set(key, [...(byGroup.get(key) ?? []), one]);
  }
  return byGroup;
}

/** The word by which numbers are kept as they were published, with what each of them is kept against. */
export const keptDecisions = ({ groups, by }: Kept) =>
  groups.map(({ storeId, metric, differenceMicros, currency }) => ({
    storeId,
    metric,
    decision: {
      ...decisionsOf([by])[0]!,
      differenceMicros: differenceMicros === null ? null : String(differenceMicros),
      currency,
      kept: true,
    },
  }));

const decisionsOf = (accepted: readonly AcceptedFinding[]) =>
  accepted.map(({ finding, approval }) => ({
    decisionId: approval.decision_id,
    actor: approval.actor,
    reason: approval.reason,
    finding: finding.subject,
    differenceMicros: finding.differenceMicros === null ? null : String(finding.differenceMicros),
  }));

/** The fixes that a number was read with, each of those that stand on each other. */
const fixesOf = ({ model }: PublishingDay, sources: ReadonlySet<string>) =>
  model.fixes
    .filter(({ source }) => source === null || sources.has(source))
    .flatMap(({ decisionIds }) => decisionIds.map((decisionId) => ({ decisionId })));

const isAbout = (finding: Pick<Finding, 'source' | 'metric'>, value: StoredValue, sources: ReadonlySet<string>) =>
  finding.source === null ? finding.metric === value.metric : sources.has(finding.source);

/** Everything that a certificate rests on: inputs, versions, checks, controls, decisions, rates. */
function evidenceOf(
  day: PublishingDay,
  value: StoredValue,
  accepted: readonly AcceptedFinding[],
): Record<string, unknown> {
  const sources = sourcesOf(day.model.document, day.catalog, value.metric);
  const checks = day.checks.filter(({ subject }) =>
    isAbout({ source: null, metric: null, ...subject }, value, sources),
  );
  const own = day.controls.filter((one) => groupOf(one) === groupOf(value));
  return {
    definition: value.definition,
    modelVersion: day.model.version,
    transforms: Object.fromEntries(Object.entries(day.model.transforms).filter(([id]) => sources.has(id))),
    batches: day.inputs.batches.map(String),
    checks: checks.map(({ checkId, status, severity }) => ({ checkId, status, severity })),
    controls: own.map(({ controlId, slice, status, message, sourceTotalId }) => ({
      control: controlId,
      slice: slice === '' ? null : slice,
      status,
      message,
      sourceTotalId: sourceTotalId === null ? null : String(sourceTotalId),
    })),
    decisions: [...decisionsOf(accepted), ...fixesOf(day, sources)],
    rates: value.storeId === '' ? ratesOn(day.model.document, day.key.businessDate) : [],
  };
}

/**
 * The certificates of the groups that these totals stand for. `released` is the acceptance of a change to what was
 * published: it is told, and qualifies nothing, because no difference was accepted.
 */
export function certificatesOf(
  day: PublishingDay,
  totals: readonly StoredValue[],
  accepted: AcceptedByGroup,
  released: ReadonlyMap<string, AcceptedFinding>,
): NewCertificate[] {
  const controls = Map.groupBy(day.controls, groupOf);
  return totals.map((value) => {
    const mine = accepted.get(groupOf(value)) ?? [];
    const release = released.get(groupOf(value));
    return {
      storeId: value.storeId,
      metric: value.metric,
      state: certificateState(mine.length > 0, controls.get(groupOf(value)) ?? []),
      evidence: evidenceOf(day, value, release ? [...mine, release] : mine),
    };
  });
}
