import { parseArgs } from 'node:util';
import { startCloseBench } from '../support/close-day.ts';
import startPostgres from '../support/global-setup.js';
import stopPostgres from '../support/global-teardown.js';
import { soak } from './soak.ts';

/**
 * Closes many clients over many nights while their ad figures move every night, with every side effect but Temporal's
 * real, and prints what came of it as JSON. Ends with 1 where anything is not as predicted.
 */
const { clients, nights, together } = parseArgs({
  options: {
    clients: { type: 'string', default: '80' },
    nights: { type: 'string', default: '28' },
    together: { type: 'string', default: '4' },
  },
}).values;

await startPostgres();
const bench = await startCloseBench();
const startedMs = Date.now();
const tell = (night: number): void =>
  void process.stderr.write(`night ${night + 1} of ${nights}, ${Math.round((Date.now() - startedMs) / 1000)} s\n`);
try {
  const wish = { clients: Number(clients), nights: Number(nights), atOnce: Number(together) };
  const result = await soak(bench, { ...wish, onNight: tell });
  process.stdout.write(
    `${JSON.stringify({ ...result, seconds: Math.round((Date.now() - startedMs) / 1000) }, null, 1)}\n`,
  );
  process.exitCode = result.problems.length === 0 ? 0 : 1;
} finally {
  await bench.stop();
  await stopPostgres();
}
