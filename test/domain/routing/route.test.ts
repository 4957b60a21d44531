import type { OccurredEvent } from '../../../domain/routing/events.ts';
import { compileRouter, type RoutingModel } from '../../../domain/routing/route.ts';

const destinations = [
  { id: 'team', kind: 'email', to: ['ada'], mode: 'internal', release: 'automatic' },
  { id: 'hook', kind: 'webhook', url: 'https://x.example', secretRef: 's', mode: 'live' },
];
const routerOf = (routing: unknown) =>
  compileRouter({ routing, people: [], report: { destinations } } as unknown as RoutingModel);
const number = (facts: object, type: OccurredEvent['type'] = 'number.published'): OccurredEvent => ({
  id: 'e',
  type,
  clientId: 'shop',
  businessDate: '2026-03-02',
  facts: { metric: 'net_sales', value: '-12.50', version: 2, previous: null, ...facts },
});
const targets = (routing: unknown, event = number({})) => routerOf(routing)(event).routed.map((one) => one.to);

describe('rules', () => {
  const both = [
    { on: 'number.published', when: 'event.value < 0', to: ['ada'] },
    { on: 'number.published', to: ['ben', 'ada'] },
  ];

  test('of a list apply wherever they hold, each target once', () => {
    expect(targets(both)).toEqual(['ada', 'ben']);
  });

  test('of `match: first` apply until one holds', () => {
    expect(targets({ match: 'first', rules: both })).toEqual(['ada']);
    expect(targets({ match: 'first', rules: both }, number({ value: '1.00' }))).toEqual(['ben', 'ada']);
    expect(targets({ match: 'all', rules: both })).toEqual(['ada', 'ben']);
  });

  test.each([
    ['event.metric == "net_sales" && event.client == "shop"', true],
    ['event.version > 1', true],
    ['event.businessDate == "2026-03-02"', true],
    ['event.previous < 1.0', false],
    ['event.metric < 3', false],
  ])('that ask %j hold: %s', (when, holds) => {
    expect(targets([{ on: 'number.published', when, to: ['ada'] }])).toEqual(holds ? ['ada'] : []);
  });

  test('about an exception hold where they do for one of those that the event is about', () => {
    const rules = [{ on: 'exception.opened', when: 'exception.kind == "anomaly"', to: ['ada'] }];
    const opened = (...kinds: string[]) =>
      ({ ...number({}, 'exception.opened'), exceptions: kinds.map((kind) => ({ kind })) }) as unknown as OccurredEvent;
    expect(targets(rules, opened('drift', 'anomaly'))).toEqual(['ada']);
    expect(targets(rules, opened('drift'))).toEqual([]);
  });
});

describe('an event', () => {
  test('is unmatched where rules speak of it and none holds', () => {
    const rules = [{ on: 'number.published', when: 'event.metric == "orders"', to: ['ada'] }];
    expect(routerOf(rules)(number({}))).toEqual({ routed: [], unmatched: true });
    expect(routerOf(rules)(number({ metric: 'orders' })).unmatched).toBe(false);
    expect(routerOf(rules)(number({}, 'number.revised')).unmatched).toBe(false);
    expect(routerOf([])(number({})).unmatched).toBe(false);
  });

  test('of a number is told to a mail destination by its report, and to anybody else by a message', () => {
    expect(routerOf([{ on: 'number.published', to: ['team', 'hook', 'ada'] }])(number({})).routed).toEqual([
      { to: 'team', by: 'report' },
      { to: 'hook', by: 'message' },
      { to: 'ada', by: 'message' },
    ]);
  });

  test('of an incident is told by the incident itself', () => {
    const rules = [{ on: 'incident.opened', to: ['team', 'hook'] }];
    expect(new Set(routerOf(rules)(number({}, 'incident.opened')).routed.map((one) => one.by))).toEqual(
      new Set(['incident']),
    );
  });
});
