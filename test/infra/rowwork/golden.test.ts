import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { computedMetrics } from '../../../domain/metrics/catalog.ts';
import { modelOf, published } from '../../support/facts.ts';
import { GOLDEN_CASES, type GoldenCase } from '../../support/golden-cases.ts';
import { openPipeline, type Pipeline } from '../../support/pipeline.ts';

describe('the fixtures of the metric definitions, through files and the ledger', () => {
  let pipeline: Pipeline;
  beforeAll(async () => {
    pipeline = await openPipeline();
  });
  afterAll(() => pipeline.close());

  async function deliver({ client, model, files }: GoldenCase): Promise<string> {
    const folder = join(pipeline.folder, client);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'model.yaml'), model);
    for (const named of Object.values(files))
      for (const [name, text] of Object.entries(named)) await writeFile(join(folder, name), text);
    return join(folder, 'model.yaml');
  }

  async function numbersOf({ client, model }: GoldenCase, date: string): Promise<Record<string, string | null>> {
    const units = new Map(computedMetrics(modelOf(model)).map(({ id, unit }) => [id, unit]));
    const values = await pipeline.values(client, date);
    return Object.fromEntries(
      values
        .filter((one) => one.dimension === '')
        .map((one) => [one.metric, published(one.valueMicros, one.currency, units.get(one.metric) ?? '')]),
    );
  }

  test.each(GOLDEN_CASES.map((one) => [one.id, one.title, one] as const))('%s: %s', async (_id, _title, golden) => {
    const client = await pipeline.apply(await deliver(golden));
    for (const date of Object.keys(golden.files).sort()) {
      await pipeline.capture(client, date);
      await pipeline.normalize(client, date);
    }
    for (const [date, numbers] of Object.entries(golden.expected))
      expect({ date, ...(await numbersOf(golden, date)) }).toMatchObject({ date, ...numbers });
  });
});
