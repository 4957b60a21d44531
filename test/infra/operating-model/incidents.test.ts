import { readFileSync } from 'node:fs';
import { parse, stringify } from 'yaml';
import { checkOperatingModel } from '../../../infra/operating-model/check.ts';

const BASE = '/models/shop.yaml';
const OVERDUE = { when: 'exception.overdue', severity: 'major' };

/** The example with these rules for incidents, and for events. */
function check(incidents: readonly object[], routing: readonly object[] = []) {
  const document = parse(readFileSync('examples/corner-shop/operating-model.yaml', 'utf8'));
  document.exceptions = { ...document.exceptions, incidents };
  return checkOperatingModel({ [BASE]: stringify({ ...document, routing }) }, BASE, { date: '2026-03-02' });
}

function saidOf(...documents: Parameters<typeof check>): string[] {
  const checked = check(...documents);
  const said = checked.ok ? checked.warnings : checked.problems;
  return [checked.ok ? 'applied' : 'refused', ...said.map(({ path, found }) => `${path}: ${found}`)];
}

describe('a rule for incidents', () => {
  test.each([
    ['exception.overdue && exception.kind == "control_difference"'],
    ['abs(exception.difference) > 50.0'],
    ['exception.metric == "net_sales" || exception.source == "till"'],
  ])('that can hold is applied without a word: %s', (when) => {
    expect(saidOf([{ when, severity: 'major' }])).toEqual(['applied']);
  });

  test('that asks what no exception has is refused, at its place', () => {
    expect(saidOf([OVERDUE, { when: 'exception.colour == "red"', severity: 'minor' }])).toEqual([
      'refused',
      'exceptions.incidents[1].when: exception.colour, which no exception has',
    ]);
  });

  test.each([
    ['exception.kind == "quarantin"', 'exception.kind compared with "quarantin", which it never is'],
    ['exception.source == "tilt" && exception.overdue', 'exception.source compared with "tilt", which it never is'],
    ['exception.control == "platform"', 'exception.control compared with "platform", which it never is'],
    ['1 > 2', '"1 > 2", which never holds'],
  ])('that can match nothing is warned of: %s', (when, found) => {
    expect(saidOf([{ when, severity: 'major' }])).toEqual(['applied', `exceptions.incidents[0].when: ${found}`]);
  });

  test('after one that takes everything is warned of', () => {
    expect(saidOf([{ when: 'true', severity: 'minor' }, OVERDUE])).toEqual([
      'applied',
      'exceptions.incidents[1]: a rule after exceptions.incidents[0], which takes every exception',
    ]);
  });
});

describe('a routing rule for incidents', () => {
  const opened = (own: object = {}) => [{ on: 'incident.opened', to: ['sam'], ...own }];

  test('is warned of where no incident has its severity', () => {
    const when = 'event.severity == "critical"';
    expect(saidOf([OVERDUE], opened({ when }))).toEqual([
      'applied',
      'routing[0].when: event.severity compared with "critical", which it never is',
    ]);
    expect(saidOf([{ ...OVERDUE, severity: 'critical' }], opened({ when }))).toEqual(['applied']);
  });

  test('is warned of where nothing opens an incident', () => {
    expect(saidOf([], opened())).toEqual([
      'applied',
      'routing[0].on: "incident.opened", and no rule of exceptions.incidents opens one',
    ]);
  });

  test('is warned of where it asks for a kind of exception that there is not', () => {
    expect(saidOf([OVERDUE], opened({ when: 'exception.kind == "difference"' }))).toEqual([
      'applied',
      'routing[0].when: exception.kind compared with "difference", which it never is',
    ]);
  });
});
