import { hasEnded } from '../../../domain/exception/table.ts';
import type { Fix } from '../../../domain/remediation/fix.ts';
import type { Tx } from '../../../infra/postgres/connect.ts';
import { effectiveVersion, loadModel } from '../../../infra/postgres/model.ts';
import { type EventOfDay, eventsByDay } from '../../../infra/postgres/read/events-of-day.ts';
import { type ExceptionWithDates, findException } from '../../../infra/postgres/read/exceptions.ts';
import { fixName, suggestedFix } from '../../../infra/postgres/remediation/suggested-fixes.ts';
import { answers } from '../../../schemas/api/common.ts';
import {
  exceptionParams,
  suggestedFix as fixDocument,
  type ResubmitBody,
  resubmitBody,
} from '../../../schemas/api/exceptions.ts';
import type { Source } from '../../../schemas/operating-model.ts';
import type { Problem as RecordProblem } from '../../../schemas/problem.ts';
import type { ApiDeps } from '../deps.ts';
import { toSuggested } from '../documents/exception.ts';
import { problemsOfFields } from '../engine/judge-edits.ts';
import { tryMadeFix } from '../engine/suggest-fixes.ts';
import { notFound, Problem, unprocessable } from '../problem.ts';
import { type Api, reading } from './route.ts';

const valueText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** A CSV has nothing but text. */
const asText = (set: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(set).map(([field, value]) => [field, valueText(value)]));

const SHOWN_KEYS = 3;

/** "Resubmit record A-7 of till: price = 50.44" */
function titleOf(source: string, records: ResubmitBody['records'], keys: readonly string[]): string {
  const [first, ...others] = records;
  if (others.length === 0) {
    const edits = Object.entries(first!.set).map(([field, value]) => `${field} = ${valueText(value)}`);
    return `Resubmit record ${keys[0]} of ${source}: ${edits.join(', ')}`;
  }
  const fields = [...new Set(records.flatMap(({ set }) => Object.keys(set)))];
  const more = keys.length > SHOWN_KEYS ? ` and ${keys.length - SHOWN_KEYS} more` : '';
  return `Resubmit records ${keys.slice(0, SHOWN_KEYS).join(', ')}${more} of ${source} with another ${fields.join(', ')}`;
}

/** One source's records, resubmitted as a person edited them. */
const resubmission = (source: string, records: ResubmitBody['records'], keys: readonly string[]): Fix => ({
  kind: 'resubmit_quarantined',
  title: titleOf(source, records, keys),
  change: {
    by: 'adjusting',
    source,
    add: records.map(({ event, set }) => ({ kind: 'patch_record', record: event, set })),
  },
});

/** Throws a 422 problem that says what is wrong with edited records, as quarantine does. */
function refuseWrong(problems: readonly RecordProblem[], records: ResubmitBody['records']): void {
  if (problems.length === 0) return;
  const what = records.length === 1 ? 'The record is' : 'Records are';
  const detail = `${what} wrong as edited. Nothing was kept: set what is expected, and try again.`;
  throw unprocessable('wrong-edit', 'The edit is wrong', detail, { problems: [...problems] });
}

async function sourceOf(tx: Tx, row: ExceptionWithDates, id: string): Promise<Source> {
  const version = (await effectiveVersion(tx, row.client_id, row.business_date))!;
  const { document } = await loadModel(tx, row.client_id, version);
  return document.sources.find((one) => one.id === id)!;
}

/** Throws a 422 problem where records are not of the exception's day, or of several sources at once. */
async function fixOf(tx: Tx, row: ExceptionWithDates, body: ResubmitBody): Promise<Fix> {
  const events = body.records.map((one) => one.event);
  if (new Set(events).size < events.length)
    throw unprocessable('record-twice', 'A record stands there twice', 'Name each record once, with all of its edits.');
  const known = await eventsByDay(tx, row.client_id, row.business_date, events);
  const missing = events.filter((event) => !known.has(event));
  if (missing.length > 0)
    throw unprocessable(
      'unknown-record',
      'No such record of the day',
      `${missing.join(', ')}: not a record of ${row.client_id} ${row.business_date}. \`exceptions show --json\` names those in quarantine.`,
    );
  return resubmissionOf(tx, row, body, known);
}

async function resubmissionOf(
  tx: Tx,
  row: ExceptionWithDates,
  body: ResubmitBody,
  known: ReadonlyMap<string, EventOfDay>,
): Promise<Fix> {
  const [id, ...others] = new Set([...known.values()].map((one) => one.source));
  if (others.length > 0)
    throw unprocessable(
      'several-sources',
      'Records of several sources',
      'Resubmit the records of one source at a time.',
    );
  const source = await sourceOf(tx, row, id!);
  const isText = source.options.format === 'csv';
  const records = isText ? body.records.map((one) => ({ ...one, set: asText(one.set) })) : body.records;
  const day = { clientId: row.client_id, date: row.business_date };
  refuseWrong(await problemsOfFields(tx, day, source, records), records);
  return resubmission(
    source.id,
    records,
    records.map(({ event }) => known.get(event)!.key),
  );
}

/** Edited records, tried on the day and suggested from then on; applied like any other fix. */
export function fixRoutes(api: Api, deps: ApiDeps): void {
  api.post(
    '/exceptions/:id/fixes',
    {
      config: { right: 'exception.decide' },
      schema: {
        summary: 'Edit records and try what that mends',
        tags: ['exceptions'],
        params: exceptionParams,
        body: resubmitBody,
        response: answers({ 200: fixDocument }),
      },
    },
    async ({ caller, params: { id }, body }) => {
      const { fix, clientId } = await reading(deps, caller, async (tx) => {
        const row = await findException(tx, id);
        if (!row) throw notFound('unknown-exception', `Exception ${id}`);
        if (hasEnded(row.state))
          throw new Problem(
            409,
            'stale-decision',
            'The exception has ended',
            `It is ${row.state}; nothing is left to mend.`,
            {
              present: { state: row.state, version: row.version },
            },
          );
        return { fix: await fixOf(tx, row, body), clientId: row.client_id };
      });
      const { ordinal, problems } = await tryMadeFix(deps.temporal, clientId, {
        exceptionId: id,
        fix,
        madeBy: caller.person,
      });
      refuseWrong(problems, body.records);
      if (ordinal === 0)
        throw unprocessable(
          'changes-nothing',
          'The edit changes nothing',
          'No number and no check of the day would be another: the record is right as edited, and counts as it did.',
        );
      const made = await reading(deps, caller, (tx) => suggestedFix(tx, id, fixName(ordinal)));
      if (!made) throw notFound('unknown-fix', `Fix ${fixName(ordinal)} of exception ${id}`);
      return toSuggested(made);
    },
  );
}
