import Type from 'typebox';
import { compileSchema } from '../../schemas/ajv.ts';
import { agencyFile, template } from '../../schemas/operating-model.ts';
import type { Problem } from '../../schemas/problem.ts';
import { localize, openNamed, type Shelf } from './files.ts';
import { merge } from './merge.ts';
import { originsOf, pointAt } from './origins.ts';
import { child, plain, type Tree, withKey } from './tree.ts';

const validateHead = compileSchema(Type.Pick(template, ['apiVersion', 'template']));
const validateAgency = compileSchema(agencyFile);

/** The layers of one client's document laid on each other, the client's on top, with `agency` and `extends` taken out. */
export type Layers = {
  readonly tree?: Tree;
  readonly organisation?: Tree;
  /** A file that the document leans on could not be read: what is absent here may stand there. */
  readonly incomplete?: boolean;
  readonly problems: readonly Problem[];
};

const NOTHING: Layers = { problems: [] };
const MAXIMUM_TEMPLATES = 10;

const without = (tree: Tree, keys: readonly string[]) =>
  keys.reduce((rest, key) => withKey(rest, key, undefined), tree);

function readAgency(client: Tree, shelf: Shelf): Layers {
  const path = child(client, 'agency');
  if (!path) return NOTHING;
  const { tree, problems } = openNamed(shelf, 'agency', path);
  if (!tree) return { problems, incomplete: true };
  const found = pointAt(validateAgency(plain(tree)), originsOf(tree));
  return { tree: without(tree, ['apiVersion', 'agency']), organisation: child(tree, 'agency'), problems: found };
}

/** A template is partial by nature: its parts are validated where they end up; here only what it may not have at all. */
function templateProblems(tree: Tree): readonly Problem[] {
  if (!('map' in tree)) return [{ path: '', found: 'no object', expected: 'a template', ...tree.origin }];
  const known = Object.keys(template.properties);
  const head = new Map([...tree.map].filter(([key]) => key === 'apiVersion' || key === 'template'));
  const wrong = pointAt(validateHead(plain({ origin: tree.origin, map: head })), originsOf(tree));
  const foreign = [...tree.map].flatMap(([key, value]) =>
    known.includes(key)
      ? []
      : [{ path: key, found: `the unknown key ${key}`, expected: `one of ${known.join(', ')}`, ...value.origin }],
  );
  return [...wrong, ...foreign];
}

function readTemplates(named: Tree | undefined, shelf: Shelf, depth = 0): Layers {
  if (!named) return NOTHING;
  if (depth === MAXIMUM_TEMPLATES) {
    const expected = `at most ${MAXIMUM_TEMPLATES} templates, none of which extends itself`;
    return {
      problems: [{ path: 'extends', found: `${depth} templates`, expected, ...named.origin }],
      incomplete: true,
    };
  }
  const { tree, problems } = openNamed(shelf, 'extends', named);
  if (!tree) return { problems, incomplete: true };
  const base = readTemplates(child(tree, 'extends'), shelf, depth + 1);
  const own = localize(without(tree, ['apiVersion', 'extends', 'template', 'client', 'effectiveFrom']), shelf);
  return {
    tree: base.tree ? merge(base.tree, own.tree) : own.tree,
    problems: [...base.problems, ...templateProblems(tree), ...own.problems],
    incomplete: base.incomplete,
  };
}

/** Reads a client's document and all that it leans on: the agency's file below, then templates, then its own keys. */
export function readLayers(base: string, shelf: Shelf): Layers {
  const parsed = shelf.take(base);
  if (!parsed)
    return { problems: [{ path: '', found: 'no such file', expected: 'the document of a client', file: base }] };
  if (!parsed.tree) return parsed;
  const agency = readAgency(parsed.tree, shelf);
  const templates = readTemplates(child(parsed.tree, 'extends'), shelf);
  const own = localize(without(parsed.tree, ['agency', 'extends']), shelf);
  const layers = [agency.tree, templates.tree, own.tree].filter((layer) => layer !== undefined);
  return {
    tree: layers.reduce(merge),
    organisation: agency.organisation,
    problems: [...agency.problems, ...templates.problems, ...own.problems],
    incomplete: agency.incomplete || templates.incomplete,
  };
}
