import Type, { type Static } from 'typebox';
import { compileSchema, type Validate } from './ajv.ts';
import { closed, date, id } from './operating-model/parts.ts';

const name = Type.String({ minLength: 1, maxLength: 200 });
const place = { metric: id('A metric.'), store: Type.String(), dimension: Type.String(), member: Type.String() };

const number = closed(
  {
    ...place,
    definition: Type.String({
      pattern: '^[a-z0-9][a-z0-9_-]*@[1-9][0-9]*$',
      expected: 'a definition such as net_sales@1',
    }),
    version: Type.Integer({ minimum: 1 }),
    value: Type.Union([Type.String({ format: 'decimal' }), Type.Null()], { expected: 'an exact decimal, or null' }),
    currency: Type.Union([Type.String({ pattern: '^[A-Z]{3}$' }), Type.Null()], {
      expected: 'an ISO 4217 code, or null',
    }),
    status: Type.Enum(['published', 'undefined']),
    finality: Type.Enum(['provisional', 'final']),
    certificate: Type.Enum(['reconciled', 'qualified', 'unreconciled', 'lapsed']),
  },
  { description: 'A published number, with its certificate as it stands.' },
);

const withheld = closed({ ...place, reason: Type.String({ minLength: 1 }) }, { description: 'A number held back.' });

/** The contract between a close and whoever receives its report. */
export const reportPayload = closed(
  {
    client: id('The client.'),
    businessDate: date('The business day.'),
    report: id('The report.'),
    version: name,
    status: Type.Enum(['published', 'partially_published', 'waiting']),
    numbers: Type.Array(number, { minItems: 1 }),
    withheld: Type.Array(withheld),
  },
  { description: 'What a report says, before it is set as a mail.' },
);
export type ReportPayload = Static<typeof reportPayload>;

/** Says how a report breaks its contract; an empty list is a pass. */
export const checkReportPayload: Validate = compileSchema(reportPayload);
