import type { DraftModel } from '../../schemas/operating-model.ts';
import { formatPath, type Steps } from '../../schemas/path.ts';
import type { Problem } from '../../schemas/problem.ts';

/** What the policy is checked against, beside the document itself. */
export type PolicyContext = {
  /** Day on which owners must be living, `YYYY-MM-DD`. */
  readonly date: string;
  /** Sections (`report`) and elements (`sources[0]`) of a wrong shape: they have a problem already, and no rule looks into them. */
  readonly broken?: readonly string[];
};

/** One idea of the policy: looks at a resolved document and says all that is wrong with it. */
export type Rule = (model: DraftModel, context: PolicyContext) => readonly Problem[];

export const problem = (steps: Steps, found: string, expected: string): Problem => ({
  path: formatPath(steps),
  found,
  expected,
});

export const quoted = (value: string) => JSON.stringify(value);

export const oneOf = (names: readonly string[], what: string) =>
  names.length > 0 ? `one of ${names.join(', ')}` : `${what}, of which there are none`;

type Lists = Pick<
  DraftModel,
  'people' | 'stores' | 'currencyRates' | 'sources' | 'metrics' | 'checks' | 'controls' | 'handoffs'
>;
export type Element<K extends keyof Lists> = { readonly item: Lists[K][number]; readonly at: Steps };

/** Elements of a section that rules may look into, with their paths. */
export function sound<K extends keyof Lists>(model: Lists, name: K, { broken = [] }: PolicyContext): Element<K>[] {
  if (broken.includes(name)) return [];
  const list: readonly Lists[K][number][] = model[name];
  return list.map((item, index) => ({ item, at: [name, index] })).filter(({ at }) => !broken.includes(formatPath(at)));
}

/** A section that rules may look into; undefined where it is absent or broken. */
export function section<K extends keyof DraftModel>(
  model: DraftModel,
  key: K,
  { broken = [] }: PolicyContext,
): DraftModel[K] | undefined {
  return broken.includes(key) ? undefined : model[key];
}

/** Ids of a list, those of broken elements too: what refers to them is not wrong as well. */
export const idsOf = (list: readonly { id?: unknown }[]): readonly string[] =>
  list.map((item) => item?.id).filter((id) => typeof id === 'string');
