import { obtainTemporalBinary } from './binary.ts';

/** Gets the Temporal CLI ahead of the first start, and prints where it is. */
if (import.meta.main) {
  const tell = (text: string) => void process.stderr.write(`${text}\n`);
  try {
    process.stdout.write(`${await obtainTemporalBinary({ tell })}\n`);
  } catch (error) {
    tell((error as Error).message);
    process.exitCode = 1;
  }
}
