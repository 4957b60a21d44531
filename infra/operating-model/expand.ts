import { DEFAULTS } from '../../schemas/operating-model/defaults.ts';
import { formatPath, type Steps } from '../../schemas/path.ts';
import type { Draft } from './draft.ts';
import { expandOwners, resolveRoles } from './expand-owners.ts';

/** What a policy states and a contract may, key by key: a contract may override a single number of a retry. */
const TERMS: readonly Steps[] = [
  ['sla'],
  ['retry', 'initialInterval'],
  ['retry', 'backoffCoefficient'],
  ['retry', 'maximumInterval'],
  ['retry', 'maximumAttempts'],
  ['rerun', 'attempts'],
  ['rerun', 'delay'],
  ['rerun', 'from'],
  ['rerun', 'tell'],
  ['decideWithin'],
  ['reminder'],
  ['deputyAfter'],
  ['acknowledgeFor'],
  ['makerChecker'],
  ['escalateTo'],
];

/**
 * Whose keys are laid on each other too; what none of them says stays unsaid, and is the default wherever it is read.
 */
const REALERT: readonly Steps[] = ['initialInterval', 'backoffCoefficient', 'maximumInterval', 'maximumAlerts'].map(
  (key) => ['realert', key],
);

/**
 * A name that leads nowhere is a problem here, because what it would have led to is not part of the resolved document.
 */
function requireNamed(draft: Draft, steps: Steps, section: string): void {
  const name = draft.text(steps);
  if (name === undefined || draft.get([section, name]) !== undefined) return;
  const known = Object.keys((draft.get([section]) as object | undefined) ?? {});
  const expected = known.length > 0 ? `one of ${known.join(', ')}` : `a name in ${section}, which is empty`;
  draft.problems.push({ path: formatPath(steps), found: JSON.stringify(name), expected });
}

function expandClient(draft: Draft): void {
  requireNamed(draft, ['client', 'team'], 'teams');
  requireNamed(draft, ['client', 'policy'], 'policies');
  if (draft.get(['client']) !== undefined) draft.fill(['client', 'cutOff'], DEFAULTS.cutOff);
}

/** A client with one store need not name it: that store has the id and the name of the client. */
function expandStores(draft: Draft): void {
  if (draft.get(['stores']) === undefined) {
    draft.set(['stores'], [{}], ['client']);
    draft.inherit(['stores', 0, 'id'], [['client', 'id']]);
    draft.inherit(['stores', 0, 'name'], [['client', 'name']]);
  }
  for (const { steps } of draft.elements('stores')) {
    draft.inherit([...steps, 'name'], [[...steps, 'id']]);
    for (const key of ['timezone', 'currency', 'cutOff']) draft.inherit([...steps, key], [['client', key]]);
  }
}

function expandCalendar(draft: Draft): void {
  requireNamed(draft, ['calendar'], 'calendars');
  const name = draft.text(['calendar']);
  if (name !== undefined) {
    draft.value.calendar = undefined;
    draft.inherit(['calendar'], [['calendars', name]]);
  }
  draft.fill(['calendar', 'closedWeekdays'], []);
  draft.fill(['calendar', 'closedDates'], []);
}

/**
 * What a stated retry or rerun leaves open, and what is so where nothing is stated. No retry is made up where none is.
 */
function completeTerms(draft: Draft, steps: Steps): void {
  const fillAll = (term: string, values: object) => {
    for (const [key, value] of Object.entries(values)) draft.fill([...steps, term, key], value);
  };
  if (draft.get([...steps, 'retry']) !== undefined) fillAll('retry', DEFAULTS.retry);
  fillAll('rerun', draft.get([...steps, 'rerun']) === undefined ? DEFAULTS.noRerun : DEFAULTS.rerun);
  draft.fill([...steps, 'decideWithin'], DEFAULTS.decideWithin);
}

/** Findings of no contract (a control, say) are retried and escalated also where every contract speaks for itself. */
function completeExceptions(draft: Draft): void {
  draft.fill(['exceptions', 'retry'], {});
  completeTerms(draft, ['exceptions']);
  draft.inherit(['exceptions', 'escalateTo'], [['owners', 'incidents', 'owner']]);
}

function expandExceptions(draft: Draft): void {
  const policy = draft.text(['client', 'policy']);
  const below: Steps[] = policy === undefined ? [] : [['policies', policy]];
  draft.fill(['exceptions'], {});
  for (const term of [...TERMS, ['incidents'], ['quietHours'], ['digestWithin'], ...REALERT]) {
    draft.inherit(
      ['exceptions', ...term],
      below.map((steps) => [...steps, ...term]),
    );
  }
  draft.fill(['exceptions', 'incidents'], structuredClone(DEFAULTS.incidents));
}

function expandSources(draft: Draft): void {
  for (const { steps } of draft.elements('sources')) {
    draft.fill([...steps, 'contract'], {});
    for (const term of TERMS) draft.inherit([...steps, 'contract', ...term], [['exceptions', ...term]]);
    completeTerms(draft, [...steps, 'contract']);
    draft.fill([...steps, 'settlingDays'], DEFAULTS.settlingDays);
    if (draft.elements('stores').length === 1) draft.inherit([...steps, 'store'], [['stores', 0, 'id']]);
  }
}

function expandHandoffs(draft: Draft): void {
  const sources = new Map(draft.elements('sources').map(({ id, steps }) => [id, steps]));
  for (const { steps } of draft.elements('handoffs')) {
    const source = sources.get(draft.text([...steps, 'source']) ?? '');
    if (!source) continue;
    draft.inherit([...steps, 'schema'], [[...source, 'schema']]);
    for (const term of [...TERMS, ['owner'], ['deputy']]) {
      draft.inherit([...steps, ...term], [[...source, 'contract', ...term]]);
    }
  }
}

function fillDefaults(draft: Draft): void {
  for (const section of [
    'people',
    'currencyRates',
    'sources',
    'metrics',
    'checks',
    'controls',
    'handoffs',
    'routing',
  ]) {
    draft.fill([section], []);
  }
  for (const section of ['hours', 'systemOfRecord']) draft.fill([section], {});
  for (const { steps } of draft.elements('metrics')) draft.fill([...steps, 'version'], DEFAULTS.metricVersion);
  for (const { steps } of draft.elements('checks')) draft.fill([...steps, 'severity'], DEFAULTS.checkSeverity);
  for (const { steps } of draft.elements('controls')) {
    draft.fill([...steps, 'tolerance'], { ...DEFAULTS.tolerance });
    draft.fill([...steps, 'required'], DEFAULTS.required);
  }
  if (draft.get(['report']) !== undefined) draft.fill(['report', 'slices'], []);
}

/**
 * Completes a document in place: team, policy and calendar go to where they are needed, and silence gets its meaning.
 */
export function expand(draft: Draft): void {
  fillDefaults(draft);
  expandClient(draft);
  expandStores(draft);
  expandCalendar(draft);
  expandExceptions(draft);
  expandSources(draft);
  expandOwners(draft);
  expandHandoffs(draft);
  completeExceptions(draft);
  resolveRoles(draft);
  for (const section of ['teams', 'policies', 'calendars']) draft.drop(section);
}
