import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { createAjv } from '../../schemas/ajv.ts';
import { explain } from '../../schemas/explain.ts';
import type { Problem as ProblemItem } from '../../schemas/problem.ts';
import { Problem } from './problem.ts';

/** Texts of a path or a query become the numbers and booleans that their schemas ask for; a body is taken as it is. */
const coercing = createAjv({ coerceTypes: true });
const strict = createAjv();

const PLACES: Readonly<Record<string, string>> = { querystring: 'the query', params: 'the path', body: 'the body' };

function refused(part: string | undefined, problems: readonly ProblemItem[]): Problem {
  const [first] = problems;
  const where = [PLACES[part ?? ''] ?? 'the request', first?.path].filter(Boolean).join(', ');
  const detail = `In ${where}: found ${first?.found}, expected ${first?.expected}. Correct the request and send it again.`;
  return new Problem(400, 'invalid-request', 'The request is not valid', detail, { problems: [...problems] });
}

/** Validates each part of a request with the validators of this house: all problems at once, in words. */
export const compileRequest: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const check = (httpPart === 'body' ? strict : coercing).compile(schema);
  return (value: unknown) =>
    check(value) ? { value } : { error: refused(httpPart, explain(check.errors ?? [], value)) };
};
