import { hasEnded } from '../../../domain/exception/table.ts';
import type { Fix } from '../../../domain/remediation/fix.ts';
import type { Tx } from '../../../infra/postgres/connect.ts';
import { effectiveVersion, loadModel } from '../../../infra/postgres/model.ts';
import { sourcesOfEvents } from '../../../infra/postgres/read/events-of-day.ts';
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
import type { ApiDeps } from '../deps.ts';
import { toSuggested } from '../documents/exception.ts';
import { tryMadeFix } from '../engine/suggest-fixes.ts';
import { notFound, Problem, unprocessable } from '../problem.ts';
import { type Api, reading } from './route.ts';

const valueText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** A CSV has nothing but text. */
const asText = (set: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(set).map(([field, value]) => [field, valueText(value)]));

/** One source's records, resubmitted as a person edited them. */
function resubmission(source: string, records: ResubmitBody['records']): Fix {
  const fields = [...new Set(records.flatMap(({ set }) => Object.keys(set)))];
  const [first] = records;
  const shown =
    records.length === 1
      ? `: ${Object.entries(first!.set)
          .map(([field, value]) => `${field} = ${valueText(value)}`)
          .join(', ')}`
      : ` with another ${fields.join(', ')}`;
  return {
    kind: 'resubmit_quarantined',
    title: `Resubmit ${records.length === 1 ? 'a record' : `${records.length} records`} of ${source}${shown}`,
    change: {
      by: 'adjusting',
      source,
      add: records.map(({ event, set }) => ({ kind: 'patch_record', record: event, set })),
    },
  };
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
  const sources = await sourcesOfEvents(tx, row.client_id, row.business_date, events);
  const missing = events.filter((event) => !sources.has(event));
  if (missing.length > 0)
    throw unprocessable(
      'unknown-record',
      'No such record of the day',
      `${missing.join(', ')}: not a record of ${row.client_id} ${row.business_date}. \`exceptions show --json\` names those in quarantine.`,
    );
  const [source, ...others] = new Set(sources.values());
  if (others.length > 0)
    throw unprocessable(
      'several-sources',
      'Records of several sources',
      'Resubmit the records of one source at a time.',
    );
  const { options } = await sourceOf(tx, row, source!);
  const records =
    options.format === 'csv' ? body.records.map((one) => ({ ...one, set: asText(one.set) })) : body.records;
  return resubmission(source!, records);
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
      const ordinal = await tryMadeFix(deps.temporal, clientId, { exceptionId: id, fix, madeBy: caller.person });
      if (ordinal === 0)
        throw unprocessable(
          'changes-nothing',
          'The edit changes nothing',
          'No number and no check of the day would be another. Look at what is wrong with the record, and set that.',
        );
      const made = await reading(deps, caller, (tx) => suggestedFix(tx, id, fixName(ordinal)));
      if (!made) throw notFound('unknown-fix', `Fix ${fixName(ordinal)} of exception ${id}`);
      return toSuggested(made);
    },
  );
}
