import { STANDARD_METRICS } from '../../../domain/metrics/library.ts';
import { KINDS_BY_BOOK } from '../../../schemas/operating-model/kinds.ts';
import { agencyFile, clientDocument, template } from '../../../schemas/operating-model.ts';
import { CONDITIONS, INTRO, VALUES } from './prose.ts';
import { objectIn, type Section, sectionsBelow, shapeOf } from './sections.ts';
import { code, type Described, words } from './words.ts';

const GROUPS: Readonly<Record<string, readonly string[]>> = {
  'The client': [
    'apiVersion',
    'effectiveFrom',
    'agency',
    'extends',
    'client',
    'stores',
    'currencyRates',
    'calendar',
    'calendars',
  ],
  'People and owners': ['people', 'hours', 'teams', 'owners'],
  'Retries, deadlines, escalation': ['policies', 'exceptions'],
  Data: ['sources', 'handoffs', 'systemOfRecord'],
  'Numbers and their checks': ['metrics', 'checks', 'controls'],
  'What goes out': ['report', 'revisions', 'routing'],
};

const describe = (schema: object) => JSON.parse(JSON.stringify(schema)) as Described;
const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const anchor = (path: string) =>
  path
    .toLowerCase()
    .replace(/[^a-z]+/g, '-')
    .replace(/^-|-$/g, '');

/** Where each shape is described: the first place that has it. */
type Places = ReadonlyMap<string, string>;

/** Two forms of one key, a list and an object, have the same words in their paths. */
function anchorIn(places: Places, path: string): string {
  const base = anchor(path);
  const index = [...new Set(places.values())].filter((one) => anchor(one) === base).indexOf(path);
  return index > 0 ? `${base}-${index + 1}` : base;
}

function form(schema: Described, places: Places): string {
  const object = objectIn(schema);
  const place = object && places.get(shapeOf(object));
  return place === undefined ? words(schema) : `[${words(schema)}](#${anchorIn(places, place)})`;
}

function row(key: string, value: Described, required: boolean, places: Places): string {
  const absent = required ? '**required**' : value.default === undefined ? '' : code(value.default);
  return `| ${code(key)} | ${cell(value.description ?? ALWAYS)} | ${cell(form(value, places))} | ${cell(absent)} |`;
}

/** A tag tells the variants of a thing apart; the variant says what it is. */
const ALWAYS = 'Tells what it is.';
const HEAD = '| key | what it says | what may stand there | if absent |\n|---|---|---|---|';

function table({ properties = {}, required = [] }: Described, places: Places): string {
  const rows = Object.entries(properties).map(([key, value]) => row(key, value, required.includes(key), places));
  return [HEAD, ...rows].join('\n');
}

const section = ({ path, schema }: Section, places: Places) =>
  `<a id="${anchorIn(places, path)}"></a>\n\n### ${code(path)}\n\n${schema.description ?? ''}\n\n${table(schema, places)}`;

function firstPlaces(sections: readonly Section[]): Places {
  const places = new Map<string, string>();
  for (const { path, schema } of sections) if (!places.has(shapeOf(schema))) places.set(shapeOf(schema), path);
  return places;
}

function group(title: string, keys: readonly string[], root: Described, places: Places): string {
  const properties = Object.fromEntries(keys.map((key) => [key, root.properties![key]!]));
  const top = table({ properties, required: root.required }, places);
  const sections = keys.flatMap((key) => sectionsBelow(key, properties[key]!));
  const told = new Map(
    sections.filter(({ path, schema }) => places.get(shapeOf(schema)) === path).map((one) => [one.path, one]),
  );
  return [`## ${title}`, top, ...[...told.values()].map((one) => section(one, places))].join('\n\n');
}

const keysOf = (schema: object) =>
  Object.keys(describe(schema).properties ?? {})
    .map(code)
    .join(', ');

const shared = () => `## Files that clients share

The agency’s file, named by \`agency\`, may have: ${keysOf(agencyFile)}; there \`agency\` is its id and name. People are edited there and nowhere else: a leaver is one edit.

A template, named by \`extends\`, may have: ${keysOf(template)}. A template may extend another.

The agency’s file lies below, templates above it, the client’s own keys on top. Objects are laid on each other key by key, lists of things with an \`id\` by id; any other list is replaced whole. Paths are relative to the file that states them.`;

const kinds = () =>
  `## Kinds of entry\n\n| book | kinds |\n|---|---|\n${Object.entries(KINDS_BY_BOOK)
    .map(([book, names]) => `| ${code(book)} | ${names.map(code).join(', ')} |`)
    .join('\n')}`;

const metrics = () =>
  `## Standard metrics\n\nThey need no definition; a report, check or control may name them.\n\n| id | title |\n|---|---|\n${STANDARD_METRICS.map(
    ({ id, title }) => `| ${code(id)} | ${title} |`,
  ).join('\n')}`;

/** The reference of the operating model. @param example a complete document, as YAML */
export function referenceText(example: string): string {
  const root = describe(clientDocument);
  const grouped = Object.values(GROUPS).flat();
  const forgotten = Object.keys(root.properties!).filter((key) => !grouped.includes(key));
  if (forgotten.length > 0) throw new Error(`No group of the reference has ${forgotten.join(', ')}: add it in GROUPS.`);
  const places = firstPlaces(grouped.flatMap((key) => sectionsBelow(key, root.properties![key]!)));
  const groups = Object.entries(GROUPS).map(([title, keys]) => group(title, keys, root, places));
  const whole = [
    INTRO,
    `## An example\n\n\`\`\`yaml\n${example.trim()}\n\`\`\``,
    VALUES,
    ...groups,
    shared(),
    CONDITIONS,
    kinds(),
    metrics(),
  ];
  return `${whole.join('\n\n')}\n`;
}
