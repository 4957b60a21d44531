import { inputsOf } from '../../domain/metrics/catalog.ts';
import { STANDARD_METRICS } from '../../domain/metrics/library.ts';
import type { Steps } from '../../schemas/path.ts';
import type { Draft } from './draft.ts';

const ANY = '*';

type Section = 'metrics' | 'transforms' | 'reports' | 'sources';

/** Roles of a team that answer for a section, the first that is held. */
const ROLES: Record<Section, readonly string[]> = {
  metrics: ['metricOwner'],
  transforms: ['transformOwner'],
  reports: ['reportOwner'],
  sources: ['sourceOwner', 'transformOwner'],
};

/** Path of a role in the team of the client; no path where the client has no team. */
function teamRole(draft: Draft, role: string): readonly Steps[] {
  const team = draft.text(['client', 'team']);
  return team === undefined ? [] : [['teams', team, role]];
}

/** Gives one thing its owner and deputy: by its own words, by `owners`, by the team. */
function own(draft: Draft, target: Steps, section: Section, id: string, itself: readonly Steps[]): void {
  // What nobody answers for must be listed all the same, or the policy could not see it.
  draft.fill(target, {});
  const stated = (party: string): Steps[] => [
    ...itself.map((steps) => [...steps, party]),
    ['owners', section, id, party],
    ['owners', section, ANY, party],
  ];
  const byTeam = ROLES[section].flatMap((role) => teamRole(draft, role));
  draft.inherit([...target, 'owner'], [...stated('owner'), ...byTeam]);
  draft.inherit([...target, 'deputy'], [...stated('deputy'), ...teamRole(draft, 'deputy')]);
}

const STANDARD = new Map(STANDARD_METRICS.map((metric) => [metric.id, metric]));

/** A standard metric and those that it is made of: they are computed as well, so somebody answers for them. */
function withInputs(id: string): readonly string[] {
  const metric = STANDARD.get(id);
  return metric ? [id, ...inputsOf(metric).flatMap(withInputs)] : [id];
}

/** Every metric that the document defines, uses or computes. */
function metricsOf(draft: Draft): readonly string[] {
  const report = draft.get(['report', 'metrics']);
  const named = [
    ...(Array.isArray(report) ? report : []),
    ...draft
      .elements('metrics')
      .flatMap(({ id, steps }) => [
        id,
        draft.text([...steps, 'ratio', 'numerator']),
        draft.text([...steps, 'ratio', 'denominator']),
      ]),
    ...[...draft.elements('checks'), ...draft.elements('controls')].map(({ steps }) =>
      draft.text([...steps, 'metric']),
    ),
    ...Object.keys((draft.get(['systemOfRecord']) as object | undefined) ?? {}),
  ];
  return [...new Set(named.filter((metric) => typeof metric === 'string').flatMap(withInputs))];
}

function ownMetrics(draft: Draft): void {
  const defined = new Map(draft.elements('metrics').map(({ id, steps }) => [id, steps]));
  for (const id of [...metricsOf(draft), ANY]) {
    const steps = defined.get(id);
    own(draft, ['owners', 'metrics', id], 'metrics', id, steps ? [steps] : []);
  }
  // `*` answers for metrics that nobody has used yet: without an owner it says nothing.
  const others = draft.get(['owners', 'metrics']) as Record<string, { owner?: string }>;
  if (others[ANY]?.owner === undefined) delete others[ANY];
  for (const metric of (draft.get(['metrics']) as unknown[]).filter((item) => typeof item === 'object')) {
    // Who owns a metric stands in one place of the resolved document: in `owners`.
    for (const party of ['owner', 'deputy']) delete (metric as Record<string, unknown> | null)?.[party];
  }
}

/** Completes `owners`, and the parties of every source's contract. */
export function expandOwners(draft: Draft): void {
  for (const section of ['metrics', 'transforms', 'reports']) draft.fill(['owners', section], {});
  for (const party of ['owner', 'deputy']) {
    const role = party === 'owner' ? 'incidentOwner' : 'deputy';
    draft.inherit(['owners', 'incidents', party], teamRole(draft, role));
  }
  draft.fill(['owners', 'incidents'], {});
  ownMetrics(draft);
  const report = draft.text(['report', 'id']);
  if (report !== undefined) own(draft, ['owners', 'reports', report], 'reports', report, []);
  for (const { id, steps } of draft.elements('sources')) {
    own(draft, ['owners', 'transforms', id], 'transforms', id, []);
    own(draft, [...steps, 'contract'], 'sources', id, []);
  }
}

/** Paths that may hold the person who has a role. `owners` has the last word on who is called about incidents. */
function holders(draft: Draft, role: string): readonly Steps[] {
  const incidents: Steps[] = role === 'incidentOwner' ? [['owners', 'incidents', 'owner']] : [];
  return [...incidents, ...teamRole(draft, role)];
}

/** Replaces a role by the person who holds it; what is no role stays for the policy to judge. */
function resolveRole(draft: Draft, steps: Steps): void {
  const role = draft.text(steps);
  if (role === undefined) return;
  const isPerson = draft.elements('people').some(({ id }) => id === role);
  const holder = holders(draft, role).find((path) => draft.text(path) !== undefined);
  if (holder && !isPerson) draft.set(steps, draft.text(holder), holder);
}

/** Roles that are called or told become people, so that a resolved document needs no team to be read. */
export function resolveRoles(draft: Draft): void {
  resolveRole(draft, ['exceptions', 'escalateTo']);
  for (const { steps } of draft.elements('sources')) resolveRole(draft, [...steps, 'contract', 'escalateTo']);
  for (const { steps } of draft.elements('handoffs')) resolveRole(draft, [...steps, 'escalateTo']);
  const routing: Steps = Array.isArray(draft.get(['routing'])) ? ['routing'] : ['routing', 'rules'];
  const rules = draft.get(routing);
  for (const [index, rule] of (Array.isArray(rules) ? rules : []).entries()) {
    const to: unknown = rule?.to;
    for (const at of Array.isArray(to) ? to.keys() : []) resolveRole(draft, [...routing, index, 'to', at]);
  }
}
