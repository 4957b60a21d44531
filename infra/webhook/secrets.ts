type Env = Readonly<Record<string, string | undefined>>;

const PREFIX = 'MESHLINE_SECRET_';

/** The variable that holds a secret which a document names: `ops-hook` is in `MESHLINE_SECRET_OPS_HOOK`. */
export const secretVariable = (ref: string): string => `${PREFIX}${ref.toUpperCase().replaceAll('-', '_')}`;

/** Finds secrets by the names that documents give them; null for one that is not set. */
export const secretsOf =
  (env: Env) =>
  (ref: string): string | null =>
    env[secretVariable(ref)] || null;

/** The variables of secrets that are set, by name alone. */
export const secretVariablesOf = (env: Env): string[] =>
  Object.keys(env)
    .filter((name) => name.startsWith(PREFIX) && env[name])
    .sort();
