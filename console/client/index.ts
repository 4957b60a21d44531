import type { Readable } from 'node:stream';
import createOpenApiClient, { type Client } from 'openapi-fetch';
import type { paths } from './schema.d.ts';

export type { paths } from './schema.d.ts';

/** The API's routes as typed calls: `await client.GET('/api/v1/clients')` answers `{ data }` or `{ error }`, a problem. */
export type ApiClient = Client<paths>;
export type Address = {
  /** Where the API listens, such as `http://127.0.0.1:7070`. */
  baseUrl: string;
  token: string;
};

type Route<P extends keyof paths, M extends keyof paths[P]> = paths[P][M];
type JsonOf<R> = R extends { content: { 'application/json': infer T } } ? T : never;

/** What a route answers with when all goes well: `Answered<'/api/v1/clients', 'get'>`. */
export type Answered<P extends keyof paths, M extends keyof paths[P]> =
  Route<P, M> extends { responses: infer R }
    ? { [S in keyof R & (200 | 201 | 202)]: JsonOf<R[S]> }[keyof R & (200 | 201 | 202)]
    : never;

/** RFC 9457, as every failure is answered. */
export type ProblemDocument = import('./schema.d.ts').components['schemas']['Problem'];

/** A client of the API. A connection that fails is thrown as fetch throws it; everything else is an answer. */
export const createClient = ({ baseUrl, token }: Address): ApiClient =>
  createOpenApiClient<paths>({ baseUrl, headers: { authorization: `Bearer ${token}` } });

export type Upload = { client: string; source: string; fileName: string; date?: string; onBehalfOf?: string };
type Uploaded = Answered<'/api/v1/clients/{client}/sources/{source}/uploads', 'post'>;

/** Sends a file as a stream, which is never held in memory. */
export async function uploadFile(
  { baseUrl, token }: Address,
  { client, source, ...query }: Upload,
  file: Readable,
): Promise<{ data: Uploaded; error?: undefined } | { data?: undefined; error: ProblemDocument }> {
  const path = `/api/v1/clients/${encodeURIComponent(client)}/sources/${encodeURIComponent(source)}/uploads`;
  const given = Object.entries(query).filter((one): one is [string, string] => one[1] !== undefined);
  const answer = await fetch(`${baseUrl}${path}?${new URLSearchParams(given)}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream' },
    body: file,
    duplex: 'half',
  } as unknown as RequestInit);
  const body: unknown = await answer.json();
  return answer.ok ? { data: body as Uploaded } : { error: body as ProblemDocument };
}
