import type { NumberList } from '../documents.ts';
import { type Cell, right, table } from './table.ts';
import { amount, day, state } from './values.ts';

type PublishedNumber = NumberList['numbers'][number];
type Column = { title: string; cell: (one: PublishedNumber) => Cell; shown?: (one: PublishedNumber) => boolean };

/** A column with `shown` is there only where one of the numbers has something to say in it. */
const COLUMNS: readonly Column[] = [
  { title: 'Day', cell: ({ businessDate }) => day(businessDate) },
  { title: 'Metric', cell: ({ metric }) => metric },
  {
    title: 'Store',
    cell: ({ store }) => store || 'all',
    shown: ({ store, client }) => store !== '' && store !== client,
  },
  { title: 'Slice', cell: ({ slice }) => slice?.member ?? '—', shown: ({ slice }) => slice !== null },
  { title: 'Value', cell: ({ value, currency }) => right(amount(value, currency)) },
  { title: 'Version', cell: ({ version }) => right(String(version)) },
  { title: 'Finality', cell: ({ finality }) => finality },
  { title: 'Certificate', cell: ({ certificate }) => state(certificate) },
  { title: 'Reason', cell: ({ reason }) => reason ?? '', shown: ({ reason }) => reason !== null },
];

export function numbersText({ numbers }: NumberList): string {
  if (numbers.length === 0) return 'No published numbers match. See a day with `npx meshline close show`.';
  const columns = COLUMNS.filter(({ shown }) => !shown || numbers.some(shown));
  return table(
    columns.map(({ title }) => title),
    numbers.map((one) => columns.map(({ cell }) => cell(one))),
  );
}
