type Env = Readonly<Record<string, string | undefined>>;

/** The variable that holds a secret which a document names: `ops-hook` is in `MESHLINE_SECRET_OPS_HOOK`. */
export const secretVariable = (ref: string): string => `MESHLINE_SECRET_${ref.toUpperCase().replaceAll('-', '_')}`;

/** Finds secrets by the names that documents give them; null for one that is not set. */
export const secretsOf =
  (env: Env) =>
  (ref: string): string | null =>
    env[secretVariable(ref)] || null;
