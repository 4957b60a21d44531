import createClient from 'openapi-fetch';
import { answerOf } from './answer.ts';
import type { Installation } from './installation.ts';

type Operation = {
  parameters: { path?: Record<string, string>; query?: Record<string, unknown> };
  requestBody?: { content: { 'application/json': unknown } };
  responses: {
    200: { content: { 'application/json': unknown } };
    default: { content: { 'application/json': unknown } };
  };
};
type LoosePaths = Record<string, { get: Operation; post: Operation; delete: Operation }>;
type Params = { path?: Record<string, string>; query?: Record<string, unknown> };

/** One call of the API each; what it answers is T, every failure is a Failure. */
export function openApi({ endpoints, token }: Installation) {
  const client = createClient<LoosePaths>({
    baseUrl: `${endpoints.api}/api/v1`,
    headers: { authorization: `Bearer ${token}` },
  });
  const at = endpoints.api;
  return {
    get: <T>(path: string, params: Params = {}) => answerOf<T>(at, client.GET(path, { params } as never)),
    post: <T>(path: string, params: Params, body?: unknown) =>
      answerOf<T>(at, client.POST(path, { params, body } as never)),
    /** Sends bytes as they are, streamed. */
    send: <T>(path: string, params: Params, body: ReadableStream<Uint8Array>) =>
      answerOf<T>(
        at,
        client.POST(path, {
          params,
          body,
          bodySerializer: (stream: unknown) => stream,
          headers: { 'content-type': 'application/octet-stream' },
          duplex: 'half',
        } as never),
      ),
    remove: <T>(path: string, params: Params) => answerOf<T>(at, client.DELETE(path, { params } as never)),
  };
}

export type Api = ReturnType<typeof openApi>;
