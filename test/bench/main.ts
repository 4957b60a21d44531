import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { connectTemporalAt } from '../../infra/temporal/client.ts';
import { tell } from './figures.ts';
import { hundredRows } from './hundred.ts';
import { type Installation, startInstallation } from './installation.ts';
import { largeCloses } from './large.ts';
import { watchMemory } from './memory.ts';
import { type BenchSettings, benchSettings } from './settings.ts';

const machine = () => ({
  cores: availableParallelism(),
  cpu: cpus()[0]?.model ?? 'unknown',
  memory: `${Math.round(totalmem() / 1024 ** 3)} GB`,
});

async function measure(bench: Installation, scratch: string, settings: BenchSettings) {
  const { temporalAddress, namespace } = bench.endpoints;
  const temporal = await connectTemporalAt(temporalAddress, namespace);
  const memory = watchMemory(bench.workers);
  try {
    const large = await largeCloses(bench, temporal, scratch, settings);
    const worker = { peakRssMegabytes: memory.stop() };
    const hundred = settings.pairs > 0 ? await hundredRows(bench, temporal, scratch, settings) : null;
    return { machine: machine(), rows: settings.orders, ...large, worker, hundred };
  } finally {
    memory.stop();
    await temporal.connection.close();
  }
}

/** Rejects at the first word to stop, so that what was started is also stopped and nothing stays on the disk. */
function interrupted(): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  for (const name of ['SIGINT', 'SIGTERM']) process.once(name, () => reject(new Error(`stopped by ${name}`)));
  promise.catch(() => undefined);
  return promise;
}

/** Measures whole closes through the running system and prints one JSON document; what it tells on the way goes to stderr. */
async function main(): Promise<void> {
  const settings = benchSettings(process.argv.slice(2));
  const stopped = interrupted();
  const scratch = await mkdtemp(join(tmpdir(), 'meshline-bench-'));
  try {
    const data = join(scratch, 'data');
    await mkdir(data);
    tell(`starting everything in ${scratch}`);
    const bench = await startInstallation(data);
    try {
      const measured = await Promise.race([measure(bench, scratch, settings), stopped]);
      process.stdout.write(`${JSON.stringify(measured, null, 2)}\n`);
    } finally {
      await bench.stop();
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

await main();
