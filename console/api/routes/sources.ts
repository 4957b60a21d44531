import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { addDays, businessDate } from '../../../domain/business-day.ts';
import { dateInName } from '../../../domain/slot-date.ts';
import { appendAudit } from '../../../infra/postgres/audit.ts';
import { insertUpload, latestUpload } from '../../../infra/postgres/capture/uploads.ts';
import type { Tx } from '../../../infra/postgres/connect.ts';
import { effectiveVersion, loadModel } from '../../../infra/postgres/model.ts';
import { findVersion } from '../../../infra/postgres/read/clients.ts';
import { SourceFailure } from '../../../infra/sources/failure.ts';
import { locateFile, slotPath } from '../../../infra/sources/file/locate.ts';
import { answers, clientParams } from '../../../schemas/api/common.ts';
import {
  checkQuery,
  fileBody,
  type SourceCheck,
  sourceCheck,
  sourceParams,
  uploaded,
  uploadQuery,
} from '../../../schemas/api/sources.ts';
import type { OperatingModel, Source } from '../../../schemas/operating-model.ts';
import type { ApiDeps } from '../deps.ts';
import { receiveFile } from '../files/receive.ts';
import { noClient, notFound, unprocessable } from '../problem.ts';
import { compileRequest } from '../validation.ts';
import { type Api, reading, writing } from './route.ts';

type Checked = SourceCheck['sources'][number];

export async function latestModel(tx: Tx, client: string): Promise<OperatingModel> {
  const row = await findVersion(tx, client, null);
  if (!row) throw noClient(client);
  return row.document;
}

/** The operating model of a day; the latest where none holds on it yet. */
async function modelOn(tx: Tx, client: string, date: string): Promise<OperatingModel> {
  const version = await effectiveVersion(tx, client, date);
  return version === undefined ? latestModel(tx, client) : (await loadModel(tx, client, version)).document;
}

/** The last business day that is over for a client. */
const lastDay = ({ client }: OperatingModel): string =>
  addDays(businessDate(new Date(), client.timezone, client.cutOff), -1);

async function checkFile(source: Source, date: string, roots: readonly string[]): Promise<Checked> {
  const wanted = slotPath(source.options.location, date);
  try {
    const path = await locateFile(wanted, roots);
    if (path) return { source: source.id, status: 'found', message: `${path} is there.`, path };
    const message = `${wanted}: no such file. Deliver it, upload it, or declare ${date} a closed day.`;
    return { source: source.id, status: 'absent', message, path: null };
  } catch (error) {
    if (!(error instanceof SourceFailure)) throw error;
    return { source: source.id, status: 'failed', message: error.message, path: null };
  }
}

async function checkSource(
  tx: Tx,
  client: string,
  source: Source,
  date: string,
  roots: readonly string[],
): Promise<Checked> {
  const file = await latestUpload(tx, { clientId: client, sourceId: source.id, slotDate: date });
  if (!file) return checkFile(source, date, roots);
  return { source: source.id, status: 'found', message: `${file.name} was uploaded.`, path: file.path };
}

function sourceOf(model: OperatingModel, id: string): Source {
  const source = model.sources.find((one) => one.id === id);
  if (source) return source;
  const known = model.sources.map((one) => one.id).join(', ');
  throw notFound('unknown-source', `Source ${id} of ${model.client.id}`, `It has: ${known}.`);
}

function dayOfFile(source: Source, fileName: string, date: string | undefined): string {
  const found = date ?? dateInName(source.options.location, fileName);
  if (found) return found;
  throw unprocessable(
    'no-date',
    'The day of the file is not known',
    `The name ${fileName} does not fit the source's ${source.options.location.split('/').at(-1)}. Say which day it is of with date.`,
  );
}

function checkRoute(api: Api, deps: ApiDeps): void {
  api.get(
    '/clients/:client/sources/check',
    {
      config: { right: 'read' },
      schema: {
        summary: 'Look whether the sources of a day are there',
        tags: ['sources'],
        params: clientParams,
        querystring: checkQuery,
        response: answers({ 200: sourceCheck }),
      },
    },
    ({ caller, params: { client }, query }) =>
      reading(deps, caller, async (tx) => {
        const date = query.date ?? lastDay(await latestModel(tx, client));
        const { sources } = await modelOn(tx, client, date);
        const checked: Checked[] = [];
        for (const source of sources) checked.push(await checkSource(tx, client, source, date, deps.files.roots));
        return { sources: checked };
      }),
  );
}

function uploadRoute(api: Api, deps: ApiDeps): void {
  api.post(
    '/clients/:client/sources/:source/uploads',
    {
      config: { right: 'source.upload' },
      schema: {
        summary: 'Upload the file of a source and day',
        description: 'The body is the file, as `application/octet-stream`; it is never held in memory.',
        tags: ['sources'],
        consumes: ['application/octet-stream'],
        params: sourceParams,
        querystring: uploadQuery,
        body: fileBody,
        response: answers({ 200: uploaded }),
      },
      validatorCompiler: (part) => (part.httpPart === 'body' ? () => true : compileRequest(part as never)),
    },
    async ({ caller, params: { client, source: id }, query: { fileName, date, onBehalfOf }, body }) => {
      const source = sourceOf(await reading(deps, caller, (tx) => latestModel(tx, client)), id);
      const slotDate = dayOfFile(source, fileName, date);
      const folder = join(deps.files.uploadsFolder, client, id, slotDate);
      const file = await receiveFile(requireStream(body), folder, deps.files.maximumUploadBytes);
      const contentHash = file.contentHash.toString('hex');
      const changed = await writing(deps, caller, async (tx) => {
        const upload = { clientId: client, sourceId: id, slotDate, fileName, uploadedBy: caller.person, ...file };
        if (!(await insertUpload(tx, upload))) return false;
        await appendAudit(tx, deps.secrets.auditKey, {
          clientId: client,
          businessDate: slotDate,
          actor: caller.person,
          onBehalfOf,
          action: 'source.uploaded',
          subject: id,
          detail: { file: fileName, bytes: file.bytes, sha256: contentHash },
        });
        return true;
      });
      return { client, source: id, businessDate: slotDate, fileName, bytes: file.bytes, contentHash, changed };
    },
  );
}

/** Sources: what is there, and files that are sent instead of fetched. */
export function sourceRoutes(api: Api, deps: ApiDeps): void {
  api.addContentTypeParser('application/octet-stream', (_request, payload, done) => done(null, payload));
  checkRoute(api, deps);
  uploadRoute(api, deps);
}

function requireStream(body: unknown): Readable {
  if (body && typeof (body as Readable).pipe === 'function') return body as Readable;
  throw unprocessable('no-file', 'There is no file', 'The body is empty. Send the file as application/octet-stream.');
}
