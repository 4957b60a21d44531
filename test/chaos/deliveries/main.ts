import { parseArgs } from 'node:util';
import { openField, runRounds } from './field.ts';
import { RECEIVERS } from './receivers.ts';
import type { Round } from './round.ts';

const ROUNDS = '50';

const tell = (text: string): void => void process.stderr.write(`${text}\n`);

function tellRound({ client, moment, seconds, arrived, deviations }: Round): void {
  const counts = RECEIVERS.map((name) => `${name} ${arrived[name]}`).join(', ');
  tell(
    `${deviations.length > 0 ? 'FAIL' : 'ok  '} ${client}, killed while ${moment}: ${seconds} s; arrived: ${counts}`,
  );
  for (const text of deviations) tell(`     ${text}`);
}

function roundsOf(args: readonly string[]): number {
  const { values } = parseArgs({ args: [...args], options: { rounds: { type: 'string', default: ROUNDS } } });
  const rounds = Number(values.rounds);
  if (Number.isInteger(rounds) && rounds > 0) return rounds;
  throw new Error(`--rounds is "${values.rounds}". Say how often to kill, such as --rounds ${ROUNDS}.`);
}

/** Rejects at the first word to stop, so that what was started is also stopped. */
function interrupted(): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  for (const name of ['SIGINT', 'SIGTERM']) process.once(name, () => reject(new Error(`stopped by ${name}`)));
  promise.catch(() => undefined);
  return promise;
}

function summaryOf(rounds: readonly Round[]) {
  const sumOf = (of: 'arrived' | 'taken') =>
    Object.fromEntries(RECEIVERS.map((name) => [name, rounds.reduce((sum, one) => sum + one[of][name], 0)]));
  const failed = rounds.filter((one) => one.deviations.length > 0);
  return {
    kills: rounds.length,
    failed: failed.length,
    arrived: sumOf('arrived'),
    taken: sumOf('taken'),
    deviations: failed,
  };
}

/**
 * Kills the worker between sending and recording, again and again; exits with 1 where a receiver got other than its
 * destination says.
 */
async function main(): Promise<void> {
  const rounds = roundsOf(process.argv.slice(2));
  const stopped = interrupted();
  const field = await openField();
  try {
    const summary = summaryOf(await Promise.race([runRounds(field, rounds, tellRound), stopped]));
    process.stdout.write(`${JSON.stringify(summary, null, 2)}\n`);
    if (summary.failed > 0) process.exitCode = 1;
  } finally {
    await field.dispose();
  }
}

await main();
