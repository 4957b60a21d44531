import fc from 'fast-check';
import { formatExact, parseMicros } from '../../../domain/money.ts';
import type { DraftEntry, NormalizedRecord } from '../../../domain/normalize/entry.ts';
import { compileTransform } from '../../../domain/normalize/normalize.ts';
import type { TransformRule } from '../../../domain/normalize/rule.ts';
import { compileRecordSchema } from '../../../schemas/ajv.ts';
import type { Mapping, MappingEntry } from '../../../schemas/operating-model.ts';

const decimal = { type: 'string', format: 'decimal' };
const SCHEMA = {
  type: 'object',
  required: ['id', 'at'],
  properties: {
    amount: decimal,
    lines: { type: 'array', items: { type: 'object', properties: { price: decimal } } },
  },
};

type Overrides = Partial<Omit<TransformRule, 'mapping'>>;

function transformOf(mapping: Partial<Mapping>, overrides: Overrides = {}): (row: object) => NormalizedRecord {
  const rule: TransformRule = {
    ...{ sourceId: 'shop', storeId: 'main', currency: 'USD', schema: SCHEMA },
    zones: { store: 'America/New_York', client: 'Europe/London' },
    mapping: { key: ['id'], occurredAt: { field: 'at' }, order: 'id', ...mapping },
    ...overrides,
  };
  const transform = compileTransform(rule, compileRecordSchema(rule.schema));
  return (row) => transform(row as Record<string, unknown>);
}

function entriesOf(record: NormalizedRecord): readonly DraftEntry[] {
  if (record.kind === 'quarantine') throw new Error(JSON.stringify(record.errors));
  return record.entries;
}

const AT = '2026-03-02T15:00:00Z';
const row = (more: object) => ({ id: 'A', at: AT, ...more });
const sold = (more: Partial<MappingEntry> = {}): MappingEntry => ({ is: 'gross_sales', amount: ['amount'], ...more });

describe('a condition of a mapping', () => {
  test('sees amounts as numbers, in cases', () => {
    const transform = transformOf({ cases: [{ is: 'fee', amount: ['amount'], when: 'row.amount < 9.5' }, sold()] });
    const kindOf = (amount: string) => entriesOf(transform(row({ amount })))[0]!.kind;
    expect([kindOf('9.49'), kindOf('9.5'), kindOf('10')]).toEqual(['fee', 'gross_sales', 'gross_sales']);
  });

  test('sees amounts of an element as numbers, and the record beside it', () => {
    const when = 'item.price > 100.0 && row.amount >= 0.0';
    const transform = transformOf({ entries: [{ each: 'lines', is: 'gross_sales', amount: ['item.price'], when }] });
    const prices = ['99.99', '100.00', '100.01', '1000'].map((price) => ({ price }));
    const amounts = entriesOf(transform(row({ amount: '0', lines: prices }))).map((one) =>
      formatExact(one.amountMicros),
    );
    expect(amounts).toEqual(['100.01', '1000.00']);
  });

  test('sees amounts as numbers when it skips a record', () => {
    const transform = transformOf({ skipWhen: 'row.amount == 0.0', entries: [sold()] });
    expect(entriesOf(transform(row({ amount: '0.00' })))).toEqual([]);
    expect(entriesOf(transform(row({ amount: '0.01' })))).toHaveLength(1);
  });

  test('that cannot judge a record quarantines it, with what it would be', () => {
    const transform = transformOf({ entries: [sold({ when: 'row.flag > 1.0' }), sold()] });
    expect(transform(row({ amount: '5.00', flag: 'yes' }))).toMatchObject({
      kind: 'quarantine',
      errors: [{ found: expect.stringContaining('row.flag > 1.0'), expected: 'a record that the condition can judge' }],
    });
  });
});

describe('the business day of an entry', () => {
  const dayOf = (mapping: Partial<Mapping>, at: string, overrides: Overrides = {}) =>
    entriesOf(transformOf({ entries: [sold()], ...mapping }, overrides)(row({ amount: '1', at })))[0]!.businessDate;

  test('is that of the store, also where times are told in the client’s zone', () => {
    expect(dayOf({}, '2026-03-03T04:30:00Z')).toBe('2026-03-02');
    expect(dayOf({ occurredAt: { field: 'at', zone: 'client' } }, '2026-03-03 04:30:00')).toBe('2026-03-02');
    expect(dayOf({ occurredAt: { field: 'at', zone: 'store' } }, '2026-03-03 04:30:00')).toBe('2026-03-03');
    expect(dayOf({ occurredAt: { field: 'at', zone: 'Asia/Tokyo' } }, '2026-03-03 04:30:00')).toBe('2026-03-02');
  });

  test('ends at the cut-off of the store', () => {
    expect(dayOf({}, '2026-03-03T08:59:59Z', { cutOff: '04:00' })).toBe('2026-03-02');
    expect(dayOf({}, '2026-03-03T09:00:00Z', { cutOff: '04:00' })).toBe('2026-03-03');
  });

  test('is that of the entry’s own time and order, where it has them', () => {
    const own: MappingEntry = { each: 'lines', is: 'sales_reversal', amount: ['item.price'], sign: -1 };
    const transform = transformOf({
      entries: [sold(), { ...own, order: 'item.of', occurredAt: { field: 'item.at' } }],
    });
    const lines = [{ price: '3.00', at: '2026-04-01T12:00:00Z', of: 'Z' }];
    const entries = entriesOf(transform(row({ amount: '10.00', lines })));
    expect(entries.map(({ businessDate, orderId, amountMicros }) => [businessDate, orderId, amountMicros])).toEqual([
      ['2026-03-02', 'A', 10_000_000n],
      ['2026-04-01', 'Z', -3_000_000n],
    ]);
  });
});

describe('an amount of zero', () => {
  const entries: MappingEntry[] = [
    { each: 'lines', is: 'gross_sales', amount: ['item.price'] },
    { each: 'lines', is: 'discount', amount: ['item.off'], sign: -1 },
    { is: 'fee', amount: ['amount'], occurredAt: { field: 'paid' } },
  ];
  const post = (record: object) => {
    const posted = entriesOf(transformOf({ entries })(row({ paid: AT, ...record })));
    return posted.map((one) => `${one.businessDate} ${one.kind} ${formatExact(one.amountMicros)}`);
  };

  test('is a sale where something is given away, and beside it no discount and no fee', () => {
    expect(post({ amount: '0', lines: [{ price: '0.00', off: '0.00' }] })).toEqual(['2026-03-02 gross_sales 0.00']);
    expect(post({ amount: '0.00', lines: [{ price: '9.00', off: '-0.0' }] })).toEqual(['2026-03-02 gross_sales 9.00']);
  });

  test('is left out of one line and not of another', () => {
    const lines = [
      { price: '9.00', off: '0' },
      { price: '5.00', off: '1.50' },
    ];
    expect(post({ amount: '2', lines })).toEqual([
      ...['2026-03-02 gross_sales 9.00', '2026-03-02 gross_sales 5.00'],
      ...['2026-03-02 discount -1.50', '2026-03-02 fee 2.00'],
    ]);
  });

  test('stays where it is all that a record says of a day', () => {
    const later = '2026-03-05T15:00:00Z';
    const lines = [{ price: '9.00', off: '0' }];
    expect(post({ amount: '0', paid: later, lines })).toEqual(['2026-03-02 gross_sales 9.00', '2026-03-05 fee 0.00']);
    expect(post({ amount: '0', lines: [] })).toEqual(['2026-03-02 fee 0.00']);
  });
});

describe('what a record shares with its entries', () => {
  test('are the members of its dimensions; one that is absent is a member too', () => {
    const record = transformOf({ entries: [sold()], dimensions: { gateway: 'pay.by', desk: 'desk' } })(
      row({ amount: '1', pay: { by: 'card' } }),
    );
    expect(record).toMatchObject({ shared: { dimensions: { gateway: 'card', desk: '(none)' } } });
  });

  test('is the currency: another one is quarantined with no amount of ours', () => {
    const transform = transformOf({ entries: [sold()], currency: 'currency' });
    expect(transform(row({ amount: '1', currency: 'USD' }))).toMatchObject({ kind: 'entries' });
    expect(transform(row({ amount: '1', currency: 'CAD' }))).toMatchObject({
      kind: 'quarantine',
      amountMicros: null,
      errors: [{ path: 'currency', found: 'CAD', expected: 'an amount in USD' }],
    });
  });

  test('is an order’s id of any sane length', () => {
    const transform = transformOf({ entries: [sold()] });
    expect(transform(row({ amount: '1', id: 'x'.repeat(5_000) }))).toMatchObject({
      kind: 'quarantine',
      amountMicros: 1_000_000n,
      errors: [{ path: 'id', found: '5000 characters' }],
    });
  });
});

describe('a share', () => {
  const shares = (share: MappingEntry['share'], record: object, each?: string) => {
    const entry: MappingEntry = { is: 'discount', sign: -1, share, ...(each ? { each } : {}) };
    return entriesOf(transformOf({ entries: [entry] })(row(record))).map((one) => one.amountMicros);
  };

  test('of a total is rounded to micros, half away from zero', () => {
    const share = { of: 'off', part: 'net', whole: 'all' };
    expect(shares(share, { off: '2.00', net: '14.98', all: '17.98' })).toEqual([-1_666_296n]);
    expect(shares(share, { off: '0.000001', net: '1', all: '2' })).toEqual([-1n]);
    expect(shares(share, { off: '0', net: '0', all: '0' })).toEqual([0n]);
  });

  test('of a discount over the lines sums to the discount, whatever the lines are', () => {
    const share = { of: 'off', part: ['item.price', 'item.quantity'] };
    const cents = fc.integer({ min: 0, max: 10_000_000 }).map((n) => (n / 100).toFixed(2));
    const line = fc.record({ price: cents, quantity: fc.integer({ min: 1, max: 99 }) });
    fc.assert(
      fc.property(cents, fc.array(line, { minLength: 1, maxLength: 20 }), (off, lines) => {
        const parts = shares(share, { off, lines }, 'lines');
        expect(parts.reduce((sum, one) => sum + one, 0n)).toBe(-parseMicros(off));
      }),
    );
  });

  test('of nothing quarantines the record', () => {
    const transform = transformOf({
      entries: [{ is: 'discount', share: { of: 'off', part: 'net', whole: 'all' } }],
    });
    expect(transform(row({ off: '2.00', net: '1.00', all: '0.00' }))).toMatchObject({ kind: 'quarantine' });
  });
});
