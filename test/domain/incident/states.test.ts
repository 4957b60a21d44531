import { RIGHTS } from '../../../console/api/rights.ts';
import { readIncidentSignal } from '../../../domain/incident/decision.ts';
import {
  after,
  DOERS,
  INCIDENT_VERBS,
  type IncidentState,
  type IncidentStep,
  isOver,
  MOVES,
  refusalOf,
} from '../../../domain/incident/states.ts';

const STATES = Object.keys(MOVES) as IncidentState[];
const STEPS = Object.keys(DOERS) as IncidentStep[];

/** What is legal, as the documentation has it; everything else is not. */
const LEGAL: Readonly<Record<string, IncidentState>> = {
  'open ack': 'acknowledged',
  'open update': 'open',
  'open resolve': 'resolved',
  'open alert': 'open',
  'open raise': 'open',
  'open end': 'resolved',
  'acknowledged ack': 'acknowledged',
  'acknowledged update': 'acknowledged',
  'acknowledged resolve': 'resolved',
  'acknowledged raise': 'open',
  'acknowledged end': 'resolved',
  'resolved close': 'closed',
};

const every = STATES.flatMap((state) => STEPS.map((step) => [state, step] as const));

test.each(every)('in state %s the step %s leads where it may, or nowhere', (state, step) => {
  expect(after(state, step)).toBe(LEGAL[`${state} ${step}`]);
});

test('every state is reached, and every one but the last is left', () => {
  const reached = new Set<IncidentState>(['open', ...STATES.flatMap((state) => Object.values(MOVES[state]))]);
  expect([...reached].sort()).toEqual([...STATES].sort());
  for (const state of STATES.filter((one) => one !== 'closed'))
    expect(Object.values(MOVES[state]).some((to) => to !== state)).toBe(true);
});

test('people do the verbs, by the right that the API asks for, and the system does the rest', () => {
  const people = STEPS.filter((step) => DOERS[step] !== 'meshline');
  expect(people.sort()).toEqual([...INCIDENT_VERBS].sort());
  for (const step of people) expect(DOERS[step]).toBe(RIGHTS['incident.handle']);
});

test('what people cannot do any more is refused with the state', () => {
  for (const state of STATES)
    for (const verb of INCIDENT_VERBS)
      expect([state, verb, refusalOf(state, verb) === null]).toEqual([state, verb, !isOver(state)]);
  expect(refusalOf('closed', 'ack')).toBe('The incident is closed; there is nothing to ack.');
});

test.each([
  [undefined, null],
  [{ verb: 'burn' }, null],
  [{ verb: 'ack' }, { verb: 'ack', reason: 'no reason given', identity: null }],
  [
    { verb: 'resolve', reason: 'a\0b', identity: ' ' },
    { verb: 'resolve', reason: 'ab', identity: null },
  ],
])('a signal %j reads as %j', (argument, read) => {
  expect(readIncidentSignal(argument)).toEqual(read);
});
