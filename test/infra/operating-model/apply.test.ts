import { readFileSync } from 'node:fs';
import { sql } from 'kysely';
import { applyOperatingModel } from '../../../infra/operating-model/apply.ts';
import { connect } from '../../../infra/postgres/connect.ts';
import { notedSecretVariables, noteSecretVariables } from '../../../infra/postgres/installation/worker-environment.ts';
import { effectiveVersion, loadModel } from '../../../infra/postgres/model.ts';
import { secretVariablesOf } from '../../../infra/webhook/secrets.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';

const TEXT = readFileSync('examples/corner-shop/operating-model.yaml', 'utf8');
const BASE = '/models/shop.yaml';
const from = (date: string, text = TEXT): string => `${text}effectiveFrom: ${date}\n`;

describe('applying an operating model', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await createTestDatabase();
  });
  afterEach(() => database.drop());

  const apply = (text: string) =>
    applyOperatingModel(database.db, {
      auditKey: Buffer.alloc(32, 1),
      files: { [BASE]: text },
      base: BASE,
      actor: 'ada',
      today: '2026-03-02',
    });
  const counts = async () => {
    const { rows } = await sql<{ models: bigint; transforms: bigint; events: bigint }>`
      select (select count(*) from operating_model) as models, (select count(*) from transform_version) as transforms,
        (select count(*) from audit_event) as events`.execute(database.db);
    return rows[0];
  };

  test('warns of a destination whose secret no worker has, once a worker has said what it has', async () => {
    const hooks = ['here', 'not-here'].map(
      (id) => `{ id: ${id}, kind: webhook, url: "https://x.example/${id}", secretRef: ${id}, mode: live }`,
    );
    const shadow = '{ id: dark, kind: webhook, url: "https://x.example/dark", secretRef: dark, mode: shadow }';
    const text = TEXT.replace(
      '  destinations:\n',
      `  destinations:\n${[...hooks, shadow].map((one) => `    - ${one}\n`).join('')}`,
    );
    expect(await apply(text)).toEqual({ client: 'corner-shop', version: 1, changed: true });
    const env = { MESHLINE_SECRET_HERE: 'a', MESHLINE_SECRET_NOT_HERE: '', PATH: '/bin' };
    await noteSecretVariables(database.db, secretVariablesOf({ ...env, MESHLINE_SECRET_NOT_HERE: 'b' }));
    expect(await apply(text)).toEqual({ client: 'corner-shop', version: 1, changed: false });
    await noteSecretVariables(database.db, secretVariablesOf(env));
    const asApi = connect(database.apiUrl).db;
    expect(await notedSecretVariables(asApi)).toEqual(new Set(['MESHLINE_SECRET_HERE']));
    await asApi.destroy();
    const line = text.split('\n').findIndex((one) => one.includes('secretRef: not-here')) + 1;
    expect(await apply(text)).toMatchObject({
      changed: false,
      warnings: [
        {
          path: 'report.destinations[1].secretRef',
          found: expect.stringContaining('MESHLINE_SECRET_NOT_HERE is not set where the workers run'),
          file: BASE,
          line,
        },
      ],
    });
  });

  test('makes a version only where the document says something new', async () => {
    expect(await apply(TEXT)).toEqual({ client: 'corner-shop', version: 1, changed: true });
    expect(await apply(`# a comment\n${TEXT}`)).toEqual({ client: 'corner-shop', version: 1, changed: false });
    expect(await counts()).toEqual({ models: 1n, transforms: 1n, events: 1n });
  });

  test('asks from when on a second version holds, and changes nothing without an answer', async () => {
    await apply(TEXT);
    const renamed = TEXT.replace('name: Corner Shop', 'name: Corner Store');
    expect(await apply(renamed)).toMatchObject({ problems: [{ path: 'effectiveFrom' }] });
    expect(await counts()).toMatchObject({ models: 1n, events: 1n });
    expect(await apply(from('2026-03-03', renamed))).toMatchObject({ version: 2, changed: true });
  });

  test('uses on a business day what is effective on it, also a year later', async () => {
    await apply(TEXT);
    await apply(from('2026-03-03', TEXT.replace('is: gross_sales', 'is: adjustment')));
    const versionOn = (date: string) => effectiveVersion(database.db, 'corner-shop', date);
    expect([await versionOn('2026-03-02'), await versionOn('2026-03-03'), await versionOn('2027-03-03')]).toEqual([
      1, 2, 2,
    ]);
  });

  test('gives a transform that comes back the version that it had', async () => {
    await apply(TEXT);
    await apply(from('2026-03-03', TEXT.replace('is: gross_sales', 'is: adjustment')));
    await apply(from('2026-03-04'));
    const transforms = await Promise.all(
      [1, 2, 3].map(async (version) => (await loadModel(database.db, 'corner-shop', version)).transforms.till),
    );
    expect(transforms).toEqual([1, 2, 1]);
  });

  test('leaves one version when two people apply the same document at one instant', async () => {
    const answers = await Promise.all([apply(TEXT), apply(TEXT)]);
    expect(answers.map((one) => 'changed' in one && one.changed).sort()).toEqual([false, true]);
    expect(await counts()).toMatchObject({ models: 1n, events: 1n });
  });
});
