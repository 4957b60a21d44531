import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { publishedSchema } from './json-schema.ts';
import { referenceText } from './markdown.ts';

/** Writes what is generated from the schema: the JSON Schema for editors and the reference for people. */
const root = new URL('../../../', import.meta.url);
const example = readFileSync(new URL('example.yaml', import.meta.url), 'utf8');

mkdirSync(new URL('docs/', root), { recursive: true });
writeFileSync(new URL('schemas/operating-model.schema.json', root), `${JSON.stringify(publishedSchema(), null, 2)}\n`);
writeFileSync(new URL('docs/operating-model.md', root), referenceText(example));
