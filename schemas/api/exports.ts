import Type from 'typebox';
import { closed } from '../operating-model/parts.ts';
import { businessDate } from './common.ts';

export const exportQuery = closed(
  {
    date: Type.Optional(businessDate),
    month: Type.Optional(
      Type.String({
        pattern: '^[0-9]{4}-(0[1-9]|1[0-2])$',
        description: 'The month whose days are asked for.',
        expected: 'a month, such as 2026-03',
      }),
    ),
    format: Type.Enum(['csv', 'ndjson'], { description: 'How the file is written.' }),
  },
  { description: 'A business day or a month, and how it is written.' },
);

const text = Type.Unsafe<AsyncIterable<string>>({ type: 'string' });
export const exportFile = {
  description: 'The file, with the columns of `published_number_current`.',
  content: { 'text/csv': { schema: text }, 'application/x-ndjson': { schema: text } },
} as const;
