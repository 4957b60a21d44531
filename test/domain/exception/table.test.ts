import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { isAtLeast, RIGHTS } from '../../../console/api/rights.ts';
import { refusal } from '../../../domain/exception/decision.ts';
import {
  ENDED_STATES,
  EVENTS,
  type ExceptionEvent,
  type ExceptionState,
  stateAfter,
  VERBS,
  verbRow,
} from '../../../domain/exception/table.ts';
import { decisionBody, exceptionQuery } from '../../../schemas/api/exceptions.ts';
import { EXCEPTION_STATES } from '../../../schemas/states.ts';

/** What each state becomes by each event, written down a second time and by hand; `.` cannot happen. */
const MATRIX = `
                 healing            awaiting_decision  awaiting_second    overdue            deciding           resolved  rejected
approve          deciding           deciding           deciding           deciding           .                  .         .
reject           rejected           rejected           rejected           rejected           .                  .         .
rerun            deciding           deciding           deciding           deciding           .                  .         .
apply_fix        deciding           deciding           deciding           deciding           .                  .         .
claim            healing            awaiting_decision  awaiting_second    overdue            .                  .         .
reassign         healing            awaiting_decision  awaiting_second    awaiting_decision  .                  .         .
comment          healing            awaiting_decision  awaiting_second    overdue            deciding           resolved  rejected
propose          awaiting_second    awaiting_second    awaiting_second    awaiting_second    .                  .         .
keep             deciding           deciding           deciding           deciding           .                  .         .
ask              awaiting_decision  awaiting_decision  awaiting_second    .                  .                  .         .
pass_deadline    .                  overdue            overdue            .                  .                  .         .
find_again       healing            awaiting_decision  awaiting_second    overdue            awaiting_decision  healing   healing
find_other       healing            awaiting_decision  awaiting_decision  overdue            awaiting_decision  healing   healing
find_no_more     resolved           resolved           resolved           resolved           resolved           .         resolved
give_back        .                  .                  .                  .                  awaiting_decision  .         .
`;
const [header, ...lines] = MATRIX.trim()
  .split('\n')
  .map((line) => line.trim().split(/\s+/));
const ALL = [...VERBS, ...EVENTS];
const CELLS = lines.flatMap(([event, ...cells]) =>
  cells.map((cell, index) => [header![index]!, event!, cell === '.' ? undefined : cell] as const),
);

describe('the table of an exception', () => {
  test('has every state and every event', () => {
    expect([...header!].sort()).toEqual([...EXCEPTION_STATES].sort());
    expect(lines.map(([event]) => event)).toEqual(ALL);
  });

  test.each(CELLS)('%s by %s is %s', (state, event, expected) => {
    expect(stateAfter(state as ExceptionState, event as ExceptionEvent)).toBe(expected);
  });

  test('has the states and the verbs that the API knows', () => {
    expect(decisionBody.properties.verb).toMatchObject({ enum: VERBS });
    expect(exceptionQuery.properties.state).toMatchObject({ enum: ['open', ...EXCEPTION_STATES] });
  });

  test('names for each verb a role that the API lets in', () => {
    for (const verb of VERBS) expect(isAtLeast(verbRow(verb).role, RIGHTS['exception.decide'])).toBe(true);
  });

  test('stands in the documentation as it is', () => {
    const page = readFileSync(new URL('../../../docs/exceptions.md', import.meta.url), 'utf8');
    const cells = (line: string) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim());
    const documented = page
      .split('<!-- states')[1]!
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .map(cells);
    expect(documented).toEqual(
      ALL.map((event) => [
        `\`${event}\``,
        ...EXCEPTION_STATES.map((state) => {
          const next = stateAfter(state, event);
          return next === state ? 'stays' : (next?.replaceAll('_', ' ') ?? '');
        }),
      ]),
    );
  });

  test('no sequence of events leaves it', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...EXCEPTION_STATES),
        fc.array(fc.constantFrom(...ALL), { maxLength: 60 }),
        (start, events) => {
          const last = events.reduce<ExceptionState>((state, event) => stateAfter(state, event) ?? state, start);
          expect(EXCEPTION_STATES).toContain(last);
        },
      ),
    );
  });

  test('every state is reached from the first one, and an end from every state', () => {
    const reach = (from: ExceptionState): ReadonlySet<ExceptionState> => {
      const seen = new Set<ExceptionState>([from]);
      for (const state of seen) for (const event of ALL) seen.add(stateAfter(state, event) ?? state);
      return seen;
    };
    expect([...reach('healing')].sort()).toEqual([...EXCEPTION_STATES].sort());
    for (const state of EXCEPTION_STATES) expect([...reach(state)]).toContain('resolved');
  });
});

describe('a decision', () => {
  const args = { fix: 'f1', to: 'ben' };
  const last = { verb: 'approve', actor: 'ann', reason: 'the gateway was down' } as const;

  test.each(EXCEPTION_STATES.flatMap((state) => VERBS.map((verb) => [verb, state] as const)))(
    'to %s in the state %s is refused exactly where the table has no move',
    (verb, state) => {
      const refused = refusal({ state, version: 4, last }, { verb, args, expectedVersion: 4 });
      expect(refused === null).toBe(stateAfter(state, verb) !== undefined);
      if (refused !== null) expect(refused).toContain('ann accepted the difference: the gateway was down.');
    },
  );

  test.each(VERBS)('to %s on an older version is refused where it binds, and names who decided', (verb) => {
    const seen = { state: 'awaiting_decision', version: 4, last } as const;
    const refused = refusal(seen, { verb, args, expectedVersion: 3 });
    expect(refused !== null).toBe(verbRow(verb).binds);
    if (refused !== null)
      expect(refused).toBe(
        'You saw version 3, the exception is now at version 4. ann accepted the difference: the gateway was down. Look at it again and decide anew.',
      );
  });

  test('says what it is about: a fix, a person', () => {
    const seen = { state: 'overdue', version: 1 } as const;
    expect(refusal(seen, { verb: 'apply_fix', args: {}, expectedVersion: 1 })).toBe('Name the fix to apply.');
    expect(refusal(seen, { verb: 'reassign', args: {}, expectedVersion: 1 })).toBe(
      'Name the person who is to have it.',
    );
  });

  test('is nothing any more where it has ended, but for a comment', () => {
    const over = EXCEPTION_STATES.filter((state) => stateAfter(state, 'approve') === undefined && state !== 'deciding');
    expect(over).toEqual(ENDED_STATES);
    for (const state of ENDED_STATES)
      expect(VERBS.filter((verb) => stateAfter(state, verb) !== undefined)).toEqual(['comment']);
  });
});
