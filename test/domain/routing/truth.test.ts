import fc from 'fast-check';
import { compileCondition, conditionTree } from '../../../domain/cel.ts';
import { truthOf } from '../../../domain/cel-truth.ts';
import { factViews } from '../../../domain/cel-views.ts';

const VALUES = { type: ['t'], client: ['c'], metric: ['a', 'b'], status: ['x', 'y'] };
const DOMAINS = new Map(Object.entries(VALUES).map(([fact, values]) => [`event.${fact}`, new Set(values)]));

const fact = fc.constantFrom(...Object.keys(VALUES));
const value = fc.constantFrom('a', 'b', 'x', 'y', 't', 'c', 'never');
const compared = fc
  .tuple(fact, fc.constantFrom('==', '!='), value, fc.boolean())
  .map(([name, by, text, turned]) => (turned ? `"${text}" ${by} event.${name}` : `event.${name} ${by} "${text}"`));
const listed = fc
  .tuple(fact, fc.array(value, { minLength: 1, maxLength: 3 }))
  .map(([name, texts]) => `event["${name}"] in ${JSON.stringify(texts)}`);
const plain = fc.oneof(compared, listed, fc.constantFrom('true', 'false', '1 < 2', '2 + 2 == 5', 'has(event.metric)'));

/** Conditions over facts, nested a few levels deep. */
const { condition } = fc.letrec<{ condition: string }>((tie) => ({
  condition: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    plain,
    fc.tuple(tie('condition'), fc.constantFrom('&&', '||'), tie('condition')).map(([a, by, b]) => `(${a} ${by} ${b})`),
    tie('condition').map((one) => `!(${one})`),
    fc.tuple(tie('condition'), tie('condition'), tie('condition')).map(([a, b, c]) => `(${a} ? ${b} : ${c})`),
  ),
}));

/** Every event that there can be; a metric and a status may be absent. */
const EVENTS = [undefined, ...VALUES.metric].flatMap((metric) =>
  [undefined, ...VALUES.status].map((status) => ({ type: 't', client: 'c', metric, status })),
);

test('what is said of a condition holds for every event that there can be', () => {
  let said = 0;
  fc.assert(
    fc.property(condition, (text) => {
      const truth = truthOf(conditionTree(text, 'event'), DOMAINS);
      if (truth === undefined) return;
      said += 1;
      const holds = compileCondition(text, factViews, 'event');
      for (const event of EVENTS) expect([text, event, holds({ event })]).toEqual([text, event, truth]);
    }),
    { numRuns: 3_000 },
  );
  expect(said).toBeGreaterThan(200);
});
