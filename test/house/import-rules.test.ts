import { globSync, readFileSync } from 'node:fs';
import { sep } from 'node:path';
import { violationsOf } from './violations.ts';

const EXEMPT = ['node_modules', 'test', 'coverage', 'dist'];
const sources = (): string[] =>
  globSync('**/*.{ts,tsx}', { exclude: (name) => EXEMPT.includes(name) || name.startsWith('.') }).map((file) =>
    file.split(sep).join('/'),
  );

describe('import rules', () => {
  test('hold in every file', () => {
    const files = sources();
    expect(files.length).toBeGreaterThan(100);
    expect(files.flatMap((file) => violationsOf(file, readFileSync(file, 'utf8')))).toEqual([]);
  });

  test.each([
    ['domain/x.ts', "import { readRows } from '../infra/postgres/rows.ts';"],
    ['domain/x.ts', "import type { Db } from '../infra/postgres/connect.ts';"],
    ['domain/x.ts', "import { readFile } from 'node:fs/promises';"],
    ['domain/deep/x.ts', "export { capture } from '../../activities/capture.ts';"],
    ['schemas/x.ts', "export * from '../domain/money.ts';"],
    ['workflows/x.ts', "import { createCapture } from '../activities/capture.ts';"],
    ['workflows/x.ts', "import { type A, createCapture } from '../activities/capture.ts';"],
    ['workflows/x.ts', "import { compileSchema } from '../schemas/ajv.ts';"],
    ['workflows/x.ts', "import { DateTime } from 'luxon';"],
    ['workflows/x.ts', "import '../activities/capture.ts';"],
    ['activities/x.ts', "import { connect } from '../infra/postgres/connect.ts';"],
    ['activities/x.ts', "import { Client } from '@temporalio/client';"],
    ['activities/x.ts', "import { proxies } from '../workflows/proxies.ts';"],
    ['infra/x.ts', "import type { Deps } from '../activities/deps.ts';"],
    ['workers/x.ts', "import { closeRevenue } from '../workflows/close-revenue.ts';"],
    ['console/api/x.ts', "import { createCapture } from '../../activities/capture.ts';"],
    ['console/api/x.ts', "import { closeRevenue } from '../../workflows/close-revenue.ts';"],
    ['console/web/x.ts', "import { parseMicros } from '../../domain/money.ts';"],
    ['cli/x.ts', "const apply = await import('../infra/operating-model/apply.ts');"],
    ['cli/x.ts', "import { compileSchema } from '../schemas/ajv.ts';"],
    ['cli/x.ts', "type Runtime = import('../infra/runtime/start.ts').Runtime;"],
    ['lib/x.ts', 'export const nothing = 1;'],
  ])('are broken by %s with %s', (file, source) => expect(violationsOf(file, source)).toHaveLength(1));

  test.each([
    ['domain/x.ts', "import { isDecimal } from '../schemas/formats.ts'; import { DateTime } from 'luxon';"],
    ['workflows/x.ts', "import type { createCapture } from '../activities/capture.ts';"],
    ['workflows/x.ts', "import { type A, type B } from '../activities/capture.ts';"],
    ['workflows/x.ts', "import { proxyActivities } from '@temporalio/workflow'; import { a } from '../domain/ids.ts';"],
    ['workflows/x.ts', "import { message } from './messages.ts';"],
    ['activities/x.ts', "import type { Db } from '../infra/postgres/connect.ts';"],
    ['activities/x.ts', "import { loadModel } from '../infra/postgres/model.ts';"],
    ['console/api/x.ts', "import { decide } from '../../workflows/messages.ts';"],
    ['console/api/x.ts', "import type { closeRevenue } from '../../workflows/close-revenue.ts';"],
    ['cli/up.ts', "import { start } from '../infra/runtime/start.ts'; import { print } from './print.ts';"],
    ['cli/main.ts', "import { up } from './up.ts';"],
    ['cli/x.ts', "// import '../infra/x.ts'\nconst text = \"import '../infra/x.ts'\";"],
  ])('are kept by %s with %s', (file, source) => expect(violationsOf(file, source)).toEqual([]));
});
