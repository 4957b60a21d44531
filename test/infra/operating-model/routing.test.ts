import { readFileSync } from 'node:fs';
import { parse, stringify } from 'yaml';
import { checkOperatingModel } from '../../../infra/operating-model/check.ts';

const BASE = '/models/shop.yaml';

/** The example with rules, checked. */
function check(routing: unknown) {
  const document = { ...parse(readFileSync('examples/corner-shop/operating-model.yaml', 'utf8')), routing };
  const text = stringify(document);
  return { lines: text.split('\n'), checked: checkOperatingModel({ [BASE]: text }, BASE, { date: '2026-03-02' }) };
}

const problemsOf = (routing: unknown) => {
  const { checked } = check(routing);
  return checked.ok ? [] : checked.problems.map(({ path, found }) => `${path}: ${found}`);
};

function warningsOf(routing: unknown) {
  const { checked } = check(routing);
  if (!checked.ok) throw new Error(JSON.stringify(checked.problems, null, 1));
  return checked.warnings.map(({ path, found }) => `${path}: ${found}`);
}

const PUBLISHED = 'number.published';
const rule = (more: object) => ({ on: PUBLISHED, to: ['sam'], ...more });

describe('a routing rule', () => {
  test('is refused where it goes nowhere, at the element that does', () => {
    expect(problemsOf([rule({ to: ['sam', 'nowhere'] })])).toEqual([
      expect.stringMatching(/^routing\[0\]\.to\[1\]: "nowhere"/),
    ]);
    expect(problemsOf({ match: 'first', rules: [rule({ to: ['nowhere'] })] })).toEqual([
      expect.stringMatching(/^routing\.rules\[0\]\.to\[0\]: "nowhere"/),
    ]);
  });

  test('that goes nowhere is told every destination and person that there is, and the nearest', () => {
    const { checked } = check([rule({ to: ['samm'] })]);
    expect(checked.ok ? [] : checked.problems).toMatchObject([
      {
        found: '"samm", which is neither a destination nor in `people`',
        expected: expect.stringMatching(/^one of .*\bsam\b.*; the nearest is sam$/),
      },
    ]);
    const destinations = (parse(readFileSync('examples/corner-shop/operating-model.yaml', 'utf8')).report
      .destinations ?? []) as { id: string }[];
    for (const { id } of destinations) expect(JSON.stringify(checked)).toContain(id);
  });

  test.each([
    ['event.colour == "red"', 'event.colour, which number.published does not have'],
    ['has(event.colour)', 'event.colour, which number.published does not have'],
    ['event["colour"] == "red"', 'event.colour, which number.published does not have'],
    ['exception.kind == "drift"', 'exception.kind, and number.published is about no exception'],
  ])('is refused where it asks %s', (when, found) => {
    expect(problemsOf([rule({ when })])).toEqual([`routing[0].when: ${found}`]);
  });

  test('is refused where it does not compile, or is about an event that there is not', () => {
    expect(problemsOf([rule({ when: 'event.metric ==' })])[0]).toMatch(/^routing\[0\]\.when: "event.metric =="/);
    expect(problemsOf([rule({ on: 'number.lost' })])).toEqual(['routing[0].on: "number.lost"']);
    expect(problemsOf({ match: 'some', rules: [rule({})] })).toEqual(['routing.match: "some"']);
  });

  test('that a role of the team stands in is resolved in either form', () => {
    const { checked } = check({ match: 'first', rules: [rule({ to: ['incidentOwner'] })] });
    expect(checked.ok && checked.model.routing).toEqual({ match: 'first', rules: [rule({ to: ['noa'] })] });
  });

  test.each([
    ['1 > 2', '"1 > 2", which never holds'],
    ['event.metric == "orders" && event.metric == "gross_sales"', expect.stringContaining('which never holds')],
    ['event.client != "corner-shop"', expect.stringContaining('which never holds')],
    ['event.type == "number.revised"', 'event.type compared with "number.revised", which it never is'],
    ['event.metric == "net_profit"', 'event.metric compared with "net_profit", which it never is'],
    ['event.metric in ["gross_sales", "profit"]', 'event.metric compared with "profit", which it never is'],
    [
      '"sometimes" == event.finality || event.version > 1',
      'event.finality compared with "sometimes", which it never is',
    ],
  ])('is warned of where it never holds: %s', (when, found) => {
    const said = typeof found === 'string' ? `routing[0].when: ${found}` : found;
    expect(warningsOf([rule({ when })])).toEqual([said]);
  });

  test.each([
    'event.value < 0',
    'event.metric == "gross_sales" && event.version > 1',
    'event.metric != "net_profit" || event.finality == "final"',
    '!(event.metric == "gross_sales")',
    'event.metric.startsWith("gross") ? event.version == 1 : false',
  ])('is not warned of where it can hold: %s', (when) => {
    expect(warningsOf([rule({ when })]).filter((one) => one.includes('never holds'))).toEqual([]);
  });

  test('is warned of with the file and the line that it stands in', () => {
    const { lines, checked } = check([rule({}), rule({ when: '1 > 2' })]);
    const [warning] = checked.ok ? checked.warnings : [];
    expect(warning).toMatchObject({ path: 'routing[1].when', file: BASE });
    expect(lines[warning!.line! - 1]).toContain('when: 1 > 2');
  });
});

describe('a destination for numbers', () => {
  const csv = { id: 'csv', kind: 'export', format: 'csv', by: 'day', location: 'out/{date}.csv', mode: 'live' };
  const problemsWith = (...destinations: object[]) => {
    const document = parse(readFileSync('examples/corner-shop/operating-model.yaml', 'utf8'));
    document.report.destinations.push(...destinations);
    document.routing = [rule({ to: destinations.map((one) => (one as { id: string }).id) })];
    const checked = checkOperatingModel({ [BASE]: stringify(document) }, BASE, { date: '2026-03-02' });
    return checked.ok ? [] : checked.problems.map(({ path, found }) => `${path}: ${found}`);
  };

  test('takes no events', () => {
    expect(problemsWith(csv, { id: 'lake', kind: 'warehouse', mode: 'live' })).toEqual([
      'routing[0].to[0]: "csv", a destination of the kind export',
      'routing[0].to[1]: "lake", a destination of the kind warehouse',
    ]);
  });

  test.each([
    [{ location: 'out/numbers.csv' }, '"/models/out/numbers.csv"'],
    [{ location: 'out/{month}.csv' }, '"/models/out/{month}.csv"'],
    [{ by: 'month' }, '"/models/out/{date}.csv"'],
    [{ location: '/etc/cron.d/{date}' }, '"/etc/cron.d/{date}"'],
    [{ format: 'ndjson' }, '"/models/out/{date}.csv"'],
  ])('is refused where its files cannot be told apart, or are not called by their format: %j', (over, found) => {
    expect(problemsWith({ ...csv, ...over }).at(-1)).toBe(`report.destinations[1].location: ${found}`);
  });

  test('is refused where it writes the file of another', () => {
    expect(problemsWith(csv, { ...csv, id: 'again' }).at(-1)).toBe(
      'report.destinations[2].location: "/models/out/{date}.csv", which csv writes',
    );
  });
});

describe('two rules', () => {
  const first = (...rules: object[]) => warningsOf({ match: 'first', rules });
  const negative = 'event.value < 0';

  test('contradict each other under `match: first` where one condition leads two ways', () => {
    expect(first(rule({ when: negative }), rule({ when: 'event.value<0', to: ['noa'] }))).toEqual([
      'routing.rules[1]: the event and the condition of routing.rules[0], which decides first',
    ]);
  });

  test('of which the first takes everything leave nothing to the second', () => {
    expect(first(rule({}), rule({ when: negative }))).toEqual([
      'routing.rules[1]: a rule after routing.rules[0], which takes every number.published',
    ]);
    expect(first(rule({ when: '1 < 2' }), rule({ when: negative }))).toHaveLength(1);
    expect(first(rule({ when: negative }), rule({}))).toEqual([]);
    expect(first(rule({}), rule({ on: 'number.revised' }))).toEqual([]);
  });

  test('of a list that say the same are warned of, and others are not', () => {
    expect(warningsOf([rule({ to: ['sam', 'noa'] }), rule({})])).toEqual(['routing[1]: what routing[0] says already']);
    expect(warningsOf([rule({ when: negative }), rule({ when: negative, to: ['noa'] })])).toEqual([]);
  });
});
