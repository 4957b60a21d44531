import Type, { type Static, type TProperties, type TSchema } from 'typebox';
import { closed, date, id } from '../operating-model/parts.ts';

/** The version of the API in its paths; a change that breaks a client makes another one. */
export const API_PREFIX = '/api/v1';

/** An object of an answer. Answers may gain keys: whoever reads them ignores those that it does not know. */
export const answer = <T extends TProperties>(properties: T, description?: string) =>
  Type.Object(properties, description === undefined ? {} : { description });

export const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

export const clientId = id('Id of the client.');
export const businessDate = date('The business day.');
export const onBehalfOf = Type.Optional(
  Type.String({
    minLength: 1,
    maxLength: 100,
    description: 'Person for whom this is done. The audit trail holds it beside the person whom the token belongs to.',
  }),
);
export const reason = Type.String({
  minLength: 1,
  maxLength: 2000,
  description: 'Why; it is kept in the audit trail.',
  expected: 'a reason, in words',
});
export const decimalText = Type.String({ description: 'Exact, in units of the currency.' });
export const instant = Type.String({ description: 'Instant in UTC, ISO 8601.' });

export const clientParams = closed({ client: clientId }, { description: 'A client.' });
export const dayParams = closed({ client: clientId, date: businessDate }, { description: 'A business day.' });

export const problemItem = answer({
  path: Type.String({ description: 'Place in the document or request.' }),
  found: Type.String(),
  expected: Type.String(),
  file: Type.Optional(Type.String()),
  line: Type.Optional(Type.Integer()),
});

/** A record that waits in quarantine, and all that is wrong with it. */
export const quarantinedRecord = {
  source: Type.String(),
  place: Type.String({ description: 'File and line.' }),
  key: Type.String(),
  amount: nullable(decimalText),
  currency: nullable(Type.String()),
  errors: Type.Array(problemItem),
};
export const quarantined = Type.Array(answer(quarantinedRecord), {
  description: 'Records in quarantine, at most the first 20; `captured` counts all.',
});

/** RFC 9457: what happened, and where. What to do next depends on the client: it follows from `type`. */
export const problem = answer(
  {
    type: Type.String({ description: 'Kind of the problem; stable.' }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String({ description: 'What happened, and where.' }),
    problems: Type.Optional(Type.Array(problemItem)),
    missing: Type.Optional(
      Type.Array(Type.String(), { description: 'Files that a document names and that were not given: send them too.' }),
    ),
    present: Type.Optional(
      answer({ state: Type.String(), version: Type.Integer() }, 'What it is now, where a request came too late.'),
    ),
  },
  'A problem, as `application/problem+json`.',
);
/** The same under a name, for the description of the API. */
export const namedProblem = { ...problem, $id: 'Problem' };
export type ProblemDocument = Static<typeof problem>;

const PROBLEM = {
  description: 'What happened, and where.',
  content: { 'application/problem+json': { schema: Type.Unsafe<ProblemDocument>({ $ref: 'Problem#' }) } },
} as const;

/** The answers of a route: its own, and a problem for everything else. */
export const answers = <T extends Record<number, TSchema>>(own: T) => ({ ...own, '4xx': PROBLEM, '5xx': PROBLEM });
