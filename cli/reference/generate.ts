import { writeFileSync } from 'node:fs';

// The page is the same whenever and wherever it is made: it has one clock and one zone.
process.env.TZ = 'Europe/London';
process.env.NO_COLOR = '1';
Date.now = () => Date.parse('2026-04-01T07:45:00Z');

const { referencePage } = await import('./page.ts');
const page = await referencePage();

if (process.argv.includes('--print')) process.stdout.write(page);
else writeFileSync(new URL('../../docs/cli.md', import.meta.url), page);
