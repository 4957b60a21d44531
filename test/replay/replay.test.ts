import { readdirSync, readFileSync } from 'node:fs';
import { Worker } from '@temporalio/worker';
import { workflowBundle } from '../support/temporal-servers.ts';
import { SCENARIOS } from './scenarios.ts';

const folder = new URL('./histories/', import.meta.url);
const names = readdirSync(folder).map((file) => file.replace(/\.json$/, ''));
const read = (name: string): string => readFileSync(new URL(`${name}.json`, folder), 'utf8');

async function replay(json: string): Promise<void> {
  await Worker.runReplayHistory({ workflowBundle: await workflowBundle() }, JSON.parse(json));
}

describe('the workflows as they are', () => {
  test('have a history of every scenario, and of each workflow', () => {
    expect(names.sort()).toEqual(Object.keys(SCENARIOS).sort());
    const types = names.map((name) => /"workflowType": \{\s*"name": "(\w+)"/.exec(read(name))?.[1]);
    const recorded = [
      'backfillCloses',
      'closeRevenue',
      'deliverOutbox',
      'handleIncident',
      'nightlyClose',
      'reconcileInstallation',
      'reviewException',
      'reviseDays',
    ];
    expect([...new Set(types)].sort()).toEqual(recorded);
  });

  test.each(names)('can go on with a run that was recorded: %s', (name) => replay(read(name)));
});

test('a run whose commands come in another order is refused', async () => {
  const swapped = read('close-published')
    .replaceAll('"normalizeDay"', '"swapped"')
    .replaceAll('"validateDay"', '"normalizeDay"')
    .replaceAll('"swapped"', '"validateDay"');
  await expect(replay(swapped)).rejects.toMatchObject({ name: 'DeterminismViolationError' });
});
