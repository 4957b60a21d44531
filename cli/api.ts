import type { Readable } from 'node:stream';
import { type Answered, type ApiClient, createClient, type Upload, uploadFile } from '../console/client/index.ts';
import { type Answer, answerOf } from './answer.ts';
import type { Installation } from './installation.ts';

type Uploaded = Answered<'/api/v1/clients/{client}/sources/{source}/uploads', 'post'>;

export type Api = {
  /** Makes one call; returns what it answers, and throws every failure as a Failure. */
  ask: <T>(call: (client: ApiClient) => Promise<Answer<T>>) => Promise<T>;
  /** Sends a file as it is, streamed. */
  upload: (what: Upload, file: Readable) => Promise<Uploaded>;
};

/** The API of an installation. */
export function openApi({ endpoints, token }: Installation): Api {
  const at = endpoints.api;
  const address = { baseUrl: at, token };
  const client = createClient(address);
  return {
    ask: (call) => answerOf(at, call(client)),
    upload: (what, file) => answerOf(at, uploadFile(address, what, file)),
  };
}
