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

/** What a command works with: the options of every command, and the API once it is asked for. */
export type Session = GlobalOptions & { api: () => Promise<Api> };

export const openSession = (options: GlobalOptions): Session => ({
  ...options,
  api: async () => {
    const [{ openApi }, { findInstallation }] = await Promise.all([import('./api.ts'), import('./installation.ts')]);
    return openApi(await findInstallation(options.data));
  },
});
