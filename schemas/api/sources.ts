import Type, { type Static } from 'typebox';
import { closed, date, decimal, id } from '../operating-model/parts.ts';
import { answer, businessDate, clientId, decimalText, nullable, onBehalfOf } from './common.ts';

export const sourceParams = closed({ client: clientId, source: id('Id of the source.') }, { description: 'A source.' });
export const controlParams = closed(
  { client: clientId, control: id('Id of the control.') },
  { description: 'A control.' },
);
export const checkQuery = closed(
  { date: Type.Optional(date('The business day; the last one that is over unless it says otherwise.')) },
  { description: 'The day.' },
);
export const sourceCheck = answer({
  sources: Type.Array(
    answer({
      source: Type.String(),
      status: Type.Enum(['found', 'absent', 'failed']),
      message: Type.String(),
      path: nullable(Type.String()),
    }),
  ),
});
export type SourceCheck = Static<typeof sourceCheck>;

export const uploadQuery = closed(
  {
    date: Type.Optional(
      date('The business day; read from the file’s name by the source’s template unless it says otherwise.'),
    ),
    fileName: Type.String({
      pattern: '^[^/\\\\\\x00-\\x1f]{1,255}$',
      description: 'Name of the file.',
      expected: 'the name of a file, without folders',
    }),
    onBehalfOf,
  },
  { description: 'What the file is.' },
);
/** The raw file. It is streamed to the disk, so nothing validates it here. */
export const fileBody = {
  content: { 'application/octet-stream': { schema: Type.Unsafe<unknown>({ type: 'string', format: 'binary' }) } },
} as const;

export const uploaded = answer({
  client: Type.String(),
  source: Type.String(),
  businessDate: Type.String(),
  fileName: Type.String(),
  bytes: Type.Integer(),
  contentHash: Type.String({ description: 'sha256 of the file as it was sent, in hex.' }),
  changed: Type.Boolean({ description: 'False where the day’s present upload is this very file.' }),
});

export const totalBody = closed(
  {
    businessDate,
    value: decimal('The source-reported total, in the unit of the metric.'),
    store: Type.Optional(id('Store that it is of; needed where the client has several.')),
    slice: Type.Optional(
      Type.String({ minLength: 1, maxLength: 200, description: 'Member of the control’s slice that it is of.' }),
    ),
    onBehalfOf,
  },
  { description: 'A total as the platform states it.' },
);
export const statedTotal = answer({
  control: Type.String(),
  businessDate: Type.String(),
  value: decimalText,
  changed: Type.Boolean(),
});
