import { Document, isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from 'yaml';
import type { ClientDocument } from '../documents.ts';
import { cleanLine } from '../text.ts';
import { moment } from './values.ts';

type Origin = { file: string; line: number };
type Origins = Readonly<Record<string, unknown>>;

/** As people write a document; what is not named follows, by name. */
const ORDER = [
  'apiVersion',
  'effectiveFrom',
  'client',
  'agency',
  'people',
  'hours',
  'teams',
  'owners',
  'policies',
  'calendar',
  'stores',
  'sources',
  'rates',
  'metrics',
  'checks',
  'controls',
  'report',
  'routing',
];

/** Keys that say what an object is come first in it. */
const FIRST = ['id', 'name', 'kind', 'is', 'from'];

const nameOf = ({ key }: Pair): string => (isScalar(key) ? String(key.value) : '');

const placeIn = (order: readonly string[], name: string) => (order.includes(name) ? order.indexOf(name) : order.length);

const originOf = (origins: Origins, path: string): Origin | undefined => {
  const origin = Object.hasOwn(origins, path) ? (origins[path] as Partial<Origin> | null) : undefined;
  return typeof origin?.file === 'string' ? { file: origin.file, line: Number(origin.line) } : undefined;
};

const lineOf = (origin: Origin | undefined) => origin?.line ?? Number.MAX_SAFE_INTEGER;

/** The document is kept as values, so the order in which its keys were written is gone; their lines give it back. */
function sortKeys(map: YAMLMap, path: string, origins: Origins): void {
  const rank = (pair: Pair) => {
    const name = nameOf(pair);
    return { first: placeIn(FIRST, name), line: name === 'id' ? 0 : lineOf(originOf(origins, `${path}.${name}`)) };
  };
  map.items.sort((left, right) => {
    const [a, b] = [rank(left), rank(right)];
    return a.line - b.line || a.first - b.first;
  });
}

function sortWithin(node: unknown, path: string, origins: Origins): void {
  if (isMap(node)) {
    sortKeys(node, path, origins);
    for (const pair of node.items) sortWithin(pair.value, `${path}.${nameOf(pair)}`, origins);
  }
  if (isSeq(node)) for (const [index, item] of node.items.entries()) sortWithin(item, `${path}[${index}]`, origins);
}

const comment = ({ file, line }: Origin) => ` from ${cleanLine(file)}:${line}`;

const partsOf = (section: unknown, name: string): [string, Node][] => {
  if (isSeq(section)) return section.items.map((item, index) => [`${name}[${index}]`, item as Node]);
  return isMap(section) ? section.items.map((pair) => [`${name}.${nameOf(pair)}`, pair.key as Node]) : [];
};

/** Parts of a section that another file wrote than the section itself. */
function markParts(section: unknown, name: string, sectionFile: string | undefined, origins: Origins): void {
  for (const [path, node] of partsOf(section, name)) {
    const origin = originOf(origins, path);
    if (origin && origin.file !== sectionFile) node.commentBefore = comment(origin);
  }
}

function markSection({ key, value }: Pair, origins: Origins): void {
  if (!isScalar(key)) return;
  const name = String(key.value);
  const origin = originOf(origins, name);
  key.commentBefore = origin ? comment(origin) : ' filled in when the document was resolved';
  key.spaceBefore = true;
  sortWithin(value, name, origins);
  markParts(value, name, origin?.file, origins);
}

const headLine = ({ client, version, effectiveFrom, appliedBy, appliedAt }: ClientDocument): string => {
  const since = effectiveFrom === null ? '' : `, effective from ${effectiveFrom}`;
  return cleanLine(`# ${client}, version ${version}${since}; applied by ${appliedBy}, ${moment(appliedAt)}`);
};

/** The resolved document as YAML; a comment above each part says where it was written. */
export function modelText(shown: ClientDocument): string {
  const yaml = new Document(shown.document, { aliasDuplicateObjects: false });
  if (isMap(yaml.contents)) {
    yaml.contents.items.sort((a, b) => placeIn(ORDER, nameOf(a)) - placeIn(ORDER, nameOf(b)));
    for (const pair of yaml.contents.items) markSection(pair, shown.origins);
  }
  return `${headLine(shown)}\n\n${yaml.toString({ lineWidth: 120 }).trimStart()}`;
}
