import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Trading days of the six months that are locked, with what a line that comes late says of them. */
export const LATE: readonly (readonly [date: string, amount: string])[] = [
  ['2010-12-01', '10.01'],
  ['2010-12-14', '20.02'],
  ['2011-01-10', '30.03'],
  ['2011-01-20', '-40.04'],
  ['2011-02-08', '50.05'],
  ['2011-02-22', '60.06'],
  ['2011-03-10', '70.07'],
  ['2011-03-24', '80.08'],
  ['2011-04-12', '90.09'],
  ['2011-05-17', '100.10'],
];

/** A reversal is a line of an invoice with a C, and a negative quantity. */
function lineOf([date, amount]: (typeof LATE)[number], at: number): string {
  const back = amount.startsWith('-');
  const invoice = `${back ? 'C' : ''}${990_001 + at}`;
  return `${invoice},LATE${at},LATE LINE,${back ? -1 : 1},${date} 12:00:00,${amount.replace('-', '')},15271.0,United Kingdom`;
}

/** The file of a day with the late lines behind its own; where it is. */
export function fileWithLateLines(own: string, folder: string, name: string, late: typeof LATE): string {
  const path = join(folder, name);
  writeFileSync(path, `${readFileSync(own, 'utf8').trimEnd()}\n${late.map(lineOf).join('\n')}\n`);
  return path;
}
