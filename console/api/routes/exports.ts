import { Readable } from 'node:stream';
import { sql } from 'kysely';
import { dayPeriod, type ExportPeriod, monthPeriod } from '../../../domain/export/period.ts';
import { type ExportFormat, exportText } from '../../../infra/export/format.ts';
import { narrow } from '../../../infra/postgres/access/scope.ts';
import { exportedRows } from '../../../infra/postgres/export/rows.ts';
import { answers, clientParams } from '../../../schemas/api/common.ts';
import { exportFile, exportQuery } from '../../../schemas/api/exports.ts';
import type { Caller } from '../caller.ts';
import type { ApiDeps } from '../deps.ts';
import { unprocessable } from '../problem.ts';
import { type Api, reading, requireClient } from './route.ts';

const TYPES: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv; charset=utf-8; header=present',
  ndjson: 'application/x-ndjson; charset=utf-8',
};

function periodAsked({ date, month }: { date?: string; month?: string }): ExportPeriod {
  if (date !== undefined && month === undefined) return dayPeriod(date);
  if (month !== undefined && date === undefined) return monthPeriod(month);
  throw unprocessable('no-period', 'Which days?', 'An export is of a day or of a month: name date or month, not both.');
}

/** The file as an export of the same period writes it, read in one snapshot while it goes out. */
async function* textOf({ db }: ApiDeps, caller: Caller, client: string, period: ExportPeriod, format: ExportFormat) {
  const snapshot = await db
    .startTransaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute();
  try {
    await narrow(snapshot, caller);
    // Whoever stops reading must not keep a connection of all others.
    await sql`set local idle_in_transaction_session_timeout = '60s'`.execute(snapshot);
    yield* exportText(exportedRows(snapshot, client, period), format);
  } finally {
    await snapshot.rollback().execute();
  }
}

/** Published numbers as a file: the bytes that an export destination writes. */
export function exportRoutes(api: Api, deps: ApiDeps): void {
  api.get(
    '/clients/:client/exports',
    {
      config: { right: 'read' },
      schema: {
        summary: 'Download published numbers as a file',
        tags: ['numbers'],
        params: clientParams,
        querystring: exportQuery,
        response: answers({ 200: exportFile }),
      },
    },
    async ({ caller, params: { client }, query }, reply) => {
      const period = periodAsked(query);
      await reading(deps, caller, (tx) => requireClient(tx, client));
      const name = `${client}-${period.name}.${query.format}`;
      reply.type(TYPES[query.format]).header('content-disposition', `attachment; filename="${name}"`);
      return reply.send(Readable.from(textOf(deps, caller, client, period, query.format)));
    },
  );
}
