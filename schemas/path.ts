/** Steps from the root of a document to a value: keys of objects and indexes of lists. */
export type Steps = readonly (string | number)[];

const PLAIN = /^[A-Za-z_$][A-Za-z0-9_$-]*$/;

/** A path as people read it: `sources[0].contract.owner`; an odd key in quotes: `where["Stock Code"]`. The root is empty. */
export function formatPath(steps: Steps): string {
  return steps.reduce<string>((path, step) => {
    if (typeof step === 'number') return `${path}[${step}]`;
    if (!PLAIN.test(step)) return `${path}[${JSON.stringify(step)}]`;
    return path === '' ? step : `${path}.${step}`;
  }, '');
}

/** The steps of a JSON pointer in a value; the value says which of them are indexes. */
export function stepsOf(pointer: string, root: unknown): Steps {
  let here = root;
  return pointer
    .split('/')
    .slice(1)
    .map((part) => {
      const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
      const step = Array.isArray(here) ? Number(key) : key;
      here = typeof here === 'object' && here !== null ? (here as Record<string | number, unknown>)[step] : undefined;
      return step;
    });
}
