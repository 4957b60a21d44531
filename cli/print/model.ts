import { Document, isMap, isScalar, isSeq, type Node } from 'yaml';
import type { ClientDocument } from '../documents.ts';
import { cleanLine } from '../text.ts';
import { moment } from './values.ts';

type Origin = { file: string; line: number };

const originOf = (origins: Readonly<Record<string, unknown>>, path: string): Origin | undefined => {
  const origin = Object.hasOwn(origins, path) ? (origins[path] as Partial<Origin> | null) : undefined;
  return typeof origin?.file === 'string' ? { file: origin.file, line: Number(origin.line) } : undefined;
};

const comment = ({ file, line }: Origin) => ` from ${cleanLine(file)}:${line}`;

/** Parts of a section that another file wrote than the section itself. */
function markElements(section: Node | null, name: string, sectionFile: string | undefined, origins: Origins): void {
  const parts: [string, Node][] = isSeq(section)
    ? section.items.map((item, index) => [`${name}[${index}]`, item as Node])
    : isMap(section)
      ? section.items.map(({ key }) => [`${name}.${isScalar(key) ? String(key.value) : ''}`, key as Node])
      : [];
  for (const [path, node] of parts) {
    const origin = originOf(origins, path);
    if (origin && origin.file !== sectionFile) node.commentBefore = comment(origin);
  }
}

type Origins = Readonly<Record<string, unknown>>;

function markSections(document: Document, origins: Origins): void {
  if (!isMap(document.contents)) return;
  for (const { key, value } of document.contents.items) {
    if (!isScalar(key)) continue;
    const name = String(key.value);
    const origin = originOf(origins, name);
    key.commentBefore = origin ? comment(origin) : ' a default';
    key.spaceBefore = true;
    markElements(value as Node | null, name, origin?.file, origins);
  }
}

/** The resolved document as YAML; a comment above each part says where it was written. */
export function modelText({ client, version, effectiveFrom, appliedBy, appliedAt, document, origins }: ClientDocument) {
  const yaml = new Document(document, { aliasDuplicateObjects: false });
  markSections(yaml, origins);
  const since = effectiveFrom === null ? '' : `, effective from ${effectiveFrom}`;
  yaml.commentBefore = cleanLine(
    ` ${client}, version ${version}${since}; applied by ${appliedBy}, ${moment(appliedAt)}`,
  ).replace(/^/, ' ');
  return yaml.toString({ lineWidth: 120 });
}
