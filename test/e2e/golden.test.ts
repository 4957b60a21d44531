import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CloseDay, valuesOf } from '../support/close-document.ts';
import { GOLDEN_CASES, type GoldenCase } from '../support/golden-cases.ts';
import { TestInstallation } from '../support/installation.ts';

const MINUTES = 60_000;

/** Each fixture is a client of its own, closed by the running system from files that lie where its document says. */
describe('the fixtures of the metric definitions, by the running system', () => {
  const installation = new TestInstallation();
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'golden-'));
    await installation.start('--empty');
  }, 20 * MINUTES);
  afterAll(() => installation.dispose(), 2 * MINUTES);

  async function deliver({ client, model, files }: GoldenCase): Promise<string> {
    const own = join(folder, client);
    await mkdir(own);
    await writeFile(join(own, 'model.yaml'), model);
    for (const named of Object.values(files))
      for (const [name, text] of Object.entries(named)) await writeFile(join(own, name), text);
    return join(own, 'model.yaml');
  }

  /** Days between two of a fixture have no files; the calendar of its model does not forgive that, so each is closed alone. */
  async function closeDays({ client, files }: GoldenCase): Promise<CloseDay[]> {
    const days: CloseDay[] = [];
    for (const date of Object.keys(files).sort())
      days.push(await installation.json<CloseDay>(['close', 'run', '--client', client, '--date', date, '--wait']));
    return days;
  }

  test.each(GOLDEN_CASES.map((one) => [one.id, one.title, one] as const))('%s: %s', async (_id, _title, golden) => {
    await installation.json(['client', 'apply', await deliver(golden)]);
    const days = await closeDays(golden);
    for (const [date, numbers] of Object.entries(golden.expected)) {
      const day = days.find((one) => one.businessDate === date)!;
      expect({ date, ...valuesOf(day) }).toMatchObject({ date, ...numbers });
    }
  });
});
