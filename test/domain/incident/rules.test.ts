import type { ExceptionFacts } from '../../../domain/exception/facts.ts';
import { causeKeyOf } from '../../../domain/incident/cause.ts';
import { nextAlertMs, realertTermsOf } from '../../../domain/incident/realert.ts';
import { type EventFacts, routesOf } from '../../../domain/incident/routing.ts';
import { isWorse, severityOf } from '../../../domain/incident/severity.ts';
import { summaryOf } from '../../../domain/incident/summary.ts';
import type { OperatingModel } from '../../../schemas/operating-model.ts';

const exception = (own: Partial<ExceptionFacts> = {}): ExceptionFacts => ({
  id: 'e1',
  overdue: false,
  kind: 'control_difference',
  subject: 'till',
  state: 'awaiting_decision',
  owner: 'ada',
  message: 'differs',
  metric: 'net_sales',
  source: null,
  control: 'till',
  store: null,
  slice: null,
  difference: '-8795.12',
  currency: 'GBP',
  withheld: [],
  ...own,
});
const RULES = [
  { when: 'exception.overdue', severity: 'major' },
  { when: 'abs(exception.difference) > 50000.0', severity: 'critical' },
] as const;

describe('the severity', () => {
  test.each([
    [{}, null],
    [{ overdue: true }, 'major'],
    [{ difference: '-50000.01' }, 'critical'],
    [{ difference: '50000' }, null],
    [{ overdue: true, difference: '-60000.00' }, 'major'],
    [{ difference: null }, null],
  ])('of an exception with %j is %s by the first rule that holds', (own, severity) => {
    expect(severityOf(RULES, exception(own))).toBe(severity);
  });

  test('may go by kind, metric or source', () => {
    const rules = [
      { when: 'exception.metric == "net_sales" && exception.kind.startsWith("control")', severity: 'minor' },
    ] as const;
    expect(severityOf(rules, exception())).toBe('minor');
    expect(severityOf([{ when: 'exception.source == "shop"', severity: 'minor' }], exception())).toBeNull();
  });

  test('is compared from minor to critical', () => {
    expect([isWorse('critical', 'major'), isWorse('major', 'major'), isWorse('minor', 'major')]).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe('the alerts', () => {
  const model = (realert?: object) => ({ exceptions: { realert } }) as unknown as OperatingModel;

  test('grow apart, are bounded in length, and end', () => {
    const terms = realertTermsOf(model({ initialInterval: '10m', maximumInterval: '25m', maximumAlerts: 4 }));
    const minutes = [1, 2, 3, 4]
      .map((told) => nextAlertMs(terms, 0, told))
      .map((ms) => (ms === null ? null : ms / 60_000));
    expect(minutes).toEqual([10, 20, 25, null]);
  });

  test('have terms of their own where the model says nothing', () => {
    expect(realertTermsOf(model())).toEqual({
      firstMs: 1_800_000,
      coefficient: 2,
      longestMs: 14_400_000,
      maximumAlerts: 6,
    });
  });
});

describe('routing', () => {
  const people = ['ada', 'ben'].map((id) => ({ id, name: id, email: `${id}@x.example`, timezone: 'UTC' }));
  const mail = { id: 'team', kind: 'email', to: ['ada'], mode: 'internal', release: 'automatic' };
  const event: EventFacts = { type: 'incident.opened', severity: 'major', state: 'open', owner: 'ben', client: 'shop' };
  const route = (...routing: object[]) =>
    routesOf({ people, routing, report: { destinations: [mail] } } as unknown as OperatingModel, event, [exception()]);

  test('names people and destinations, each once, by every rule that holds', () => {
    const found = route({ on: 'incident.opened', to: ['ada', 'team'] }, { on: 'incident.opened', to: ['ada'] });
    expect([found.people.map((one) => one.id), found.destinations.map((one) => one.id)]).toEqual([['ada'], ['team']]);
  });

  test.each([
    [{ on: 'incident.resolved' }, []],
    [{ on: 'incident.opened', when: 'event.severity == "critical"' }, []],
    [{ on: 'incident.opened', when: 'event.severity == "major"' }, ['ben']],
    [{ on: 'incident.opened', when: 'exception.metric == "net_sales"' }, ['ben']],
    [{ on: 'incident.opened', when: 'exception.metric == "orders"' }, []],
  ])('by the rule %j goes to %j', (rule, ids) => {
    expect(route({ ...rule, to: ['ben'] }).people.map((one) => one.id)).toEqual(ids);
  });
});

test('one cause is the same kind at the same source over the same connector, or at the same control', () => {
  const model = { sources: [{ id: 'shop', connector: 'file' }] } as unknown as OperatingModel;
  const key = (kind: string, source_id: string | null, control_id: string | null) =>
    causeKeyOf(model, { kind, source_id, control_id });
  expect(key('completeness', 'shop', null)).toBe('["completeness","source","file","shop"]');
  expect(key('control_difference', null, 'till')).toBe('["control_difference","control","till"]');
  expect(key('anomaly', null, null)).toBeNull();
});

test('a summary counts clients, days and what was withheld, each once', () => {
  const line = { at: '2026-03-11T10:00:00.000Z', actor: 'ben', event: 'x' };
  const found = (client: string, businessDate: string, difference: string | null) => ({
    client,
    businessDate,
    kind: 'control_difference',
    message: 'differs',
    withheld: ['net_sales', 'orders'],
    difference,
    currency: 'GBP',
  });
  const summary = summaryOf({
    openedAt: '2026-03-11T10:00:00.000Z',
    acknowledgedAt: '2026-03-11T10:12:59.000Z',
    resolvedAt: '2026-03-11T12:00:00.000Z',
    cause: 'a lost page',
    timeline: [line],
    actions: [line],
    told: ['b', 'a', 'b'],
    exceptions: [found('one', '2026-03-10', '-1'), found('one', '2026-03-10', null), found('two', '2026-03-10', '2')],
  });
  expect(summary).toMatchObject({
    minutesToAcknowledge: 12,
    minutesToResolve: 120,
    told: ['a', 'b'],
    impact: { clients: 2, days: 2, exceptions: 3, metricsWithheld: ['net_sales', 'orders'] },
  });
  expect(summary.impact.differences.map((one) => one.amount)).toEqual(['-1', '2']);
});
