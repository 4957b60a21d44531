import { cp, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CloseDay, valuesOf } from '../support/close-document.ts';
import { TestInstallation } from '../support/installation.ts';
import { describeWithShared } from '../support/shared-data.ts';

const MINUTES = 60_000;
const SHARED = '../shared';
const DATE = '2010-12-01';
const DAY = ['--client', 'online-retail', '--date', DATE];

type Fix = {
  id: string;
  kind: string;
  preview: { metrics: { metric: string; after: string | null }[]; checks: object[]; otherDays: object[] };
};
type Shown = { suggestedFixes: Fix[] };
type Exception = { id: string; state: string; version: number; difference: string };

/** A copy of the real client whose files may be changed. */
async function copyOfClient(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'online-retail-'));
  await cp(`${SHARED}/examples`, join(folder, 'examples'), { recursive: true });
  await cp(`${SHARED}/data/online-retail`, join(folder, 'data/online-retail'), { recursive: true });
  return folder;
}

async function withoutLines(file: string, share: number): Promise<void> {
  const lines = (await readFile(file, 'utf8')).split('\n');
  const cut = Math.round(lines.length * share);
  lines.splice(Math.trunc(lines.length / 2), cut);
  await writeFile(file, lines.join('\n'));
}

describeWithShared('a day of which 15 % of the lines never arrived', () => {
  const installation = new TestInstallation();
  let file: string;
  let whole: string;
  const show = () => installation.json<CloseDay>(['close', 'show', ...DAY]);
  const open = async () => {
    const { exceptions } = await installation.json<{ exceptions: Exception[] }>(['exceptions', 'list']);
    return exceptions.filter((one) => one.state === 'awaiting_decision');
  };
  const settled = (status: string) => installation.until(async () => (await show()).status === status, MINUTES);

  beforeAll(async () => {
    const folder = await copyOfClient();
    file = join(folder, `data/online-retail/${DATE}.csv`);
    whole = await readFile(file, 'utf8');
    await withoutLines(file, 0.15);
    await installation.start('--empty');
    await installation.json(['client', 'apply', join(folder, 'examples/online-retail/operating-model.yaml')]);
  }, 20 * MINUTES);
  afterAll(() => installation.dispose(), 2 * MINUTES);

  test(
    'waits, and withholds what reads the file',
    async () => {
      const day = await installation.json<CloseDay>(['close', 'run', ...DAY, '--wait'], [3]);
      expect(day.status).toBe('waiting');
      expect(valuesOf(day)).toMatchObject({ invoiced_total: null, net_sales: null, orders: null });
      const [exception, ...others] = await open();
      expect(others).toEqual([]);
      expect(Number(exception!.difference)).toBeLessThan(-1000);
      expect(day.controls[0]).toMatchObject({ status: 'difference', difference: exception!.difference });
    },
    2 * MINUTES,
  );

  test(
    'does not use an acceptance that was given for another difference',
    async () => {
      const [exception] = await open();
      await withoutLines(file, 0.01);
      await installation.json(['exceptions', 'rerun', exception!.id, '--reason', 'the export was made again']);
      await installation.until(async () => ((await open())[0]?.version ?? 0) > exception!.version, MINUTES);
      const stale = [
        'exceptions',
        'approve',
        exception!.id,
        '--reason',
        'known',
        '--version',
        String(exception!.version),
      ];
      expect((await installation.run(...stale)).code).toBe(1);
      expect((await show()).status).toBe('waiting');
    },
    2 * MINUTES,
  );

  test(
    'is published right, as version 1, by the fix that is suggested once the file is whole, as its preview said',
    async () => {
      const [{ id }] = (await open()) as [Exception];
      const look = () => installation.json<Shown>(['exceptions', 'show', id]);
      expect((await look()).suggestedFixes.map((one) => one.kind)).toEqual(['accept_difference']);
      await writeFile(file, whole);
      const [fix] = (await look()).suggestedFixes;
      expect(fix).toMatchObject({ kind: 'recapture', preview: { otherDays: [] } });
      expect(fix!.preview.checks).toContainEqual({ check: 'till-daily', before: 'failed', after: 'passed' });
      const reason = 'the file is whole now';
      await installation.json(['exceptions', 'apply-fix', id, '--fix', fix!.id, '--reason', reason]);
      await settled('published');
      const day = await show();
      const previewed = Object.fromEntries(fix!.preview.metrics.map((one) => [one.metric, one.after]));
      expect(previewed).toMatchObject(valuesOf(day));
      expect(valuesOf(day)).toMatchObject({ invoiced_total: '58635.56', net_sales: '57321.30', orders: '137' });
      expect(day.metrics.filter((one) => one.version !== 1)).toEqual([]);
      expect(await open()).toEqual([]);
    },
    2 * MINUTES,
  );

  test('is told as a story', async () => {
    const { stdout } = await installation.run('audit', 'show', ...DAY);
    for (const words of ['Attempt 1', 'the export was made again', 'the file is whole now', 'Sent the report'])
      expect(stdout).toContain(words);
  });
});
