import { describe, expect, test } from '@jest/globals';
import { compileCondition } from '../../domain/cel.ts';
import { recordViews } from '../../domain/cel-views.ts';

const decimal = { type: 'string', format: 'decimal' };
const schema = {
  type: 'object',
  properties: {
    test: { type: 'boolean' },
    total: decimal,
    field: { type: 'string' },
    buyer: { type: 'object', properties: { credit: decimal } },
    lines: { type: 'array', items: { type: 'object', properties: { price: decimal, sku: { type: 'string' } } } },
  },
};
const row = {
  ...{ test: true, total: '9.50', field: 'total', buyer: { credit: '1.0' }, lines: [{ price: '12.00', sku: 'a' }] },
};

const holds = (text: string, each?: string): boolean =>
  compileCondition(text, recordViews(schema)(each))({ row, item: row.lines[0] });

describe('what a condition is shown of a record', () => {
  test.each([
    ['row.total > 9.0'],
    ['row["total"] == 9.5'],
    ['row[row.field] == 9.5'],
    ['row.buyer.credit == 1.0'],
    ['row.buyer == {"credit": 1.0}'],
    ['row.lines.exists(line, line.price > 11.0)'],
    ['row.lines[0].price == 12.0'],
    ['row.exists(name, row[name] == 9.5)'],
  ])('decimals are numbers, however they are reached: %s', (text) => {
    expect(holds(text)).toBe(true);
  });

  test.each([['item.price > 11.0'], ['item == row.lines[0]'], ['item.sku == "a" && row.total > 9.0']])(
    'so are those of an element: %s',
    (text) => {
      expect(holds(text, 'lines')).toBe(true);
    },
  );

  test('a record is not copied for a condition that names no decimal', () => {
    const copied: unknown[] = [];
    const ownKeys = (of: object) => {
      copied.push(of);
      return Reflect.ownKeys(of);
    };
    const counted = new Proxy(row, { ownKeys });
    const condition = compileCondition('row.test && item.sku == "a"', recordViews(schema)('lines'));
    expect(condition({ row: counted, item: row.lines[0] })).toBe(true);
    expect(copied).toEqual([]);
  });
});
