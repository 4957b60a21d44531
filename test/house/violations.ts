import { IMPORT_RULES, type ImportRule, type Use } from './import-rules.ts';
import { type Import, importsOf } from './imports-of.ts';

const isIn = (path: string, place: string): boolean => path === place || path.startsWith(`${place}/`);

function longest<T>(all: readonly T[], placeOf: (one: T) => string, path: string): T | undefined {
  return all.filter((one) => isIn(path, placeOf(one))).sort((a, b) => placeOf(b).length - placeOf(a).length)[0];
}

const ruleOf = (path: string): ImportRule | undefined => longest(IMPORT_RULES, (rule) => rule.place, path);
/** The folder that a file is at home in; `cli/up.ts` has a rule of its own and lives in `cli` all the same. */
const homeOf = (path: string): string | undefined =>
  longest(
    IMPORT_RULES.filter(({ place }) => !place.endsWith('.ts')),
    (rule) => rule.place,
    path,
  )?.place;

const matchesPackage = (name: string, pattern: string): boolean =>
  pattern.endsWith(':') || pattern.endsWith('/') ? name.startsWith(pattern) : isIn(name, pattern);

function mayImportPackage({ packages, never = [] }: ImportRule, name: string): boolean {
  if (never.some((pattern) => matchesPackage(name, pattern))) return false;
  return packages === 'any' || packages.some((pattern) => matchesPackage(name, pattern));
}

function mayImportOurs(file: string, { ours }: ImportRule, { target, typesOnly }: Import): boolean {
  const home = homeOf(file);
  if (home !== undefined && home === homeOf(target)) return true;
  const use = longest(ours, ({ of }) => of, target);
  return use !== undefined && (typesOnly || !use.typesOnly);
}

function allowed({ place, ours, packages }: ImportRule): string {
  const places = ours.map(({ of, typesOnly }: Use) => (typesOnly ? `${of} (types)` : of));
  return `${place} may import ${[...places, packages === 'any' ? 'packages' : packages.join(', ')].join(', ')}`;
}

/** Every import of a file that the rules do not allow, each as one line that says what is allowed instead. */
export function violationsOf(file: string, source: string): string[] {
  const rule = ruleOf(file);
  if (!rule) return [`${file} lies in a folder without an import rule. Move it, or give its folder a rule.`];
  return importsOf(file, source)
    .filter((one) => !(one.isOurs ? mayImportOurs(file, rule, one) : mayImportPackage(rule, one.target)))
    .map((one) => `${file} imports ${one.typesOnly ? 'types of ' : ''}${one.target}. ${allowed(rule)}.`);
}
