import { adjustedRule } from '../../../domain/normalize/adjusted-rule.ts';
import { type Adjustment, compileAdjustments } from '../../../domain/normalize/adjustment.ts';
import { compileMapping } from '../../../domain/normalize/mapping.ts';
import type { TransformRule } from '../../../domain/normalize/rule.ts';
import type { MappingEntry } from '../../../schemas/operating-model/mapping.ts';

const rule = (...adjustments: Adjustment[]): TransformRule => ({
  sourceId: 'till',
  storeId: 'shop',
  zones: { store: 'Europe/London', client: 'Europe/London' },
  currency: 'GBP',
  schema: { type: 'object', properties: { price: { type: 'string', format: 'decimal' } } },
  mapping: {
    key: ['id'],
    occurredAt: { field: 'at' },
    entries: [{ is: 'gross_sales', amount: ['price'], occurredAt: { field: 'paid_at', zone: 'store' } }],
  },
  adjustments,
});
const read = (row: Record<string, unknown>, ...adjustments: Adjustment[]) =>
  compileAdjustments(rule(...adjustments))(row, 7n);

describe('an adjusted record', () => {
  test('without adjustments is the record itself', () => {
    const row = { price: '1.00' };
    expect(read(row)).toBe(row);
  });

  test('has a renamed field under its own name, unless it has that one as well', () => {
    const rename: Adjustment = { kind: 'rename_field', from: 'Unit cost', to: 'price' };
    expect(read({ 'Unit cost': '1.00' }, rename)).toEqual({ price: '1.00' });
    expect(read({ 'Unit cost': '1.00', price: '2.00' }, rename)).toEqual({ 'Unit cost': '1.00', price: '2.00' });
  });

  test.each([
    ['12,50', '12.50'],
    ['-0,5', '-0.5'],
    ['1.234,50', '1234.50'],
    ['1 234,50', '1234.50'],
    ['12.50', '12.50'],
    ['1,234.50', '1,234.50'],
    ['1.23,4', '1.23,4'],
    ['a,b', 'a,b'],
  ])('with decimal commas reads %p as %p', (written, meant) => {
    expect(read({ price: written }, { kind: 'decimal_comma', fields: ['price'] })).toEqual({ price: meant });
  });

  test('is patched where it is the one that is meant, and no other', () => {
    const patch = (record: string): Adjustment => ({ kind: 'patch_record', record, set: { price: '1.29' } });
    expect(read({ id: 'a', price: '129' }, patch('7'))).toEqual({ id: 'a', price: '1.29' });
    expect(read({ id: 'a', price: '129' }, patch('8'))).toEqual({ id: 'a', price: '129' });
  });

  test('makes no entries where it is left out, by a condition or by its place', () => {
    const when: Adjustment = { kind: 'skip_records', when: 'has(row.test) && row.test == "yes"' };
    expect(read({ test: 'yes' }, when)).toBeNull();
    expect(read({ test: 'no' }, when)).toEqual({ test: 'no' });
    expect(read({}, when)).toEqual({});
    expect(read({}, { kind: 'skip_events', ranges: [['5', '7']] })).toBeNull();
    expect(read({}, { kind: 'skip_events', ranges: [['8', '9']] })).toEqual({});
  });

  test('that a condition cannot judge is kept', () => {
    expect(read({ test: { deep: true } }, { kind: 'skip_records', when: 'row.test > 3' })).toEqual({
      test: { deep: true },
    });
  });

  test('goes through all adjustments in their order', () => {
    const rename: Adjustment = { kind: 'rename_field', from: 'cost', to: 'price' };
    expect(read({ cost: '1,5' }, rename, { kind: 'decimal_comma', fields: ['price'] })).toEqual({ price: '1.5' });
  });
});

describe('a rule whose times are read in another zone', () => {
  test('reads all of them there, those of its entries too', () => {
    const { mapping } = adjustedRule(rule({ kind: 'read_in_zone', zone: 'UTC' }));
    expect(mapping.occurredAt).toEqual({ field: 'at', zone: 'UTC' });
    expect(mapping.entries?.[0]?.occurredAt).toEqual({ field: 'paid_at', zone: 'UTC' });
  });

  test('reads what their clock shows where their offsets are ignored', () => {
    const [entry] = compileMapping(
      adjustedRule(rule({ kind: 'read_in_zone', zone: 'America/New_York', offsets: 'ignored' })),
    )({ paid_at: '2026-07-01T23:30:00.25Z', price: '1' });
    expect(entry?.occurredAtMs).toBe(Date.parse('2026-07-01T23:30:00.25-04:00'));
  });

  test('may be one whose schema allows no offset: those that are ignored are cut off', () => {
    const given = rule({ kind: 'read_in_zone', zone: 'UTC', offsets: 'ignored' });
    const schema = { properties: { at: { format: 'local-date-time' }, paid_at: { format: 'date-time' } } };
    const row = { at: '2026-07-01T23:30:00Z', paid_at: '2026-07-01T23:30:00Z' };
    expect(compileAdjustments({ ...given, schema })(row, 7n)).toEqual({ ...row, at: '2026-07-01T23:30:00' });
  });

  test('reads the last zone that is said, with what was said of offsets there', () => {
    const given = rule(
      { kind: 'read_in_zone', zone: 'UTC', offsets: 'ignored' },
      { kind: 'read_in_zone', zone: 'Asia/Tokyo' },
    );
    expect(adjustedRule(given)).toMatchObject({ mapping: { occurredAt: { zone: 'Asia/Tokyo' } } });
    expect(adjustedRule(given).offsets).toBeUndefined();
  });

  test('is the rule itself where nothing is said', () => {
    const given = rule();
    expect(adjustedRule(given)).toBe(given);
  });
});

describe('a rule whose sign is turned', () => {
  const signs = (...adjustments: Adjustment[]) => {
    const given = rule(...adjustments);
    const entries: MappingEntry[] = [
      { is: 'sales_reversal', amount: ['price'], sign: -1 },
      { is: 'discount', amount: ['price'] },
    ];
    const { mapping } = adjustedRule({ ...given, mapping: { ...given.mapping, entries } });
    return mapping.entries!.map((one) => one.sign);
  };

  test('turns that kind of entry and no other, and twice is not at all', () => {
    const turn: Adjustment = { kind: 'turn_sign', of: 'sales_reversal' };
    expect(signs(turn)).toEqual([1, undefined]);
    expect(signs({ kind: 'turn_sign', of: 'discount' })).toEqual([-1, -1]);
    expect(signs(turn, turn)).toEqual([-1, undefined]);
  });
});
