import { parseArgs } from 'node:util';

export type BenchSettings = { orders: number; closes: number; pairs: number; waiting: number };

function wholeNumber(name: string, text: string, least: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least) return value;
  throw new Error(`--${name} is "${text}"; give a whole number of ${least} or more.`);
}

/**
 * `--orders N` rows of each large close, `--closes N` of them, `--pairs N` of small close and bare workflow, once more while
 * `--waiting N` exceptions wait for a decision.
 */
export function benchSettings(args: readonly string[]): BenchSettings {
  const { values } = parseArgs({
    args: [...args],
    options: {
      orders: { type: 'string', default: '300000' },
      closes: { type: 'string', default: '3' },
      pairs: { type: 'string', default: '30' },
      waiting: { type: 'string', default: '0' },
    },
  });
  return {
    orders: wholeNumber('orders', values.orders, 1000),
    closes: wholeNumber('closes', values.closes, 1),
    pairs: wholeNumber('pairs', values.pairs, 0),
    waiting: wholeNumber('waiting', values.waiting, 0),
  };
}
