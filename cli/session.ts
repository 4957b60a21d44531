import type { Api } from './api.ts';
import type { ExitCode } from './failure.ts';

/** The options that every command takes. */
export type GlobalOptions = { data?: string; json?: boolean };

/** What a command has to say: a document for scripts, and the same for people. */
export type Said = {
  document: unknown;
  people: () => string | Promise<string>;
  /** 0 unless it says otherwise. */
  exit?: ExitCode;
};

/** What a command works with: the options of every command, and the API, which is looked for at the first call. */
export type Session = GlobalOptions & Api;

async function findApi(options: GlobalOptions): Promise<Api> {
  const [{ openApi }, { findInstallation }] = await Promise.all([import('./api.ts'), import('./installation.ts')]);
  return openApi(await findInstallation(options.data));
}

export function openSession(options: GlobalOptions): Session {
  let found: Promise<Api> | undefined;
  const api = () => {
    found ??= findApi(options);
    return found;
  };
  return {
    ...options,
    ask: async (call) => (await api()).ask(call),
    upload: async (what, file) => (await api()).upload(what, file),
  };
}
