import { parseArgs } from 'node:util';
import { openGround } from './ground.ts';
import { type Matrix, runMatrix } from './matrix.ts';
import { POINTS } from './points.ts';
import type { Case } from './round.ts';
import { TARGETS } from './targets.ts';

const tell = (text: string): void => void process.stderr.write(`${text}\n`);

const hasDeviated = ({ deviations }: Case): boolean => deviations.length > 0;

function tellCase(one: Case): void {
  const repeats = `${one.mails} mails and ${one.auditRows} audit rows repeated`;
  tell(
    `${hasDeviated(one) ? 'FAIL' : 'ok  '} ${one.point} ${one.target}: ${one.seconds} s, exit ${one.exit}, ${repeats}`,
  );
  for (const text of one.deviations) tell(`     ${text}`);
}

/** Reads `--point` and `--target`, each as often as wanted; a point may be named by its stage alone. */
function matrixOf(args: readonly string[]): Matrix {
  const several = { type: 'string', multiple: true } as const;
  const { values } = parseArgs({ args: [...args], options: { point: several, target: several } });
  const { point: names = [''], target: targets = Object.keys(TARGETS) } = values;
  const points = POINTS.filter((one) => names.some((name) => one.name.startsWith(name)));
  if (points.length === 0) throw new Error(`No such point. There are: ${POINTS.map((one) => one.name).join(', ')}`);
  if (!targets.every((one) => one in TARGETS))
    throw new Error(`No such target. There are: ${Object.keys(TARGETS).join(', ')}`);
  return { points, targets };
}

/** Rejects at the first word to stop, so that what was started is also stopped. */
function interrupted(): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  for (const name of ['SIGINT', 'SIGTERM']) process.once(name, () => reject(new Error(`stopped by ${name}`)));
  promise.catch(() => undefined);
  return promise;
}

function summaryOf(cases: readonly Case[], seconds: number) {
  const sum = (of: (one: Case) => number) => cases.reduce((total, one) => total + of(one), 0);
  return {
    cases: cases.length,
    failed: cases.filter(hasDeviated).length,
    seconds,
    repeated: { mails: sum((one) => one.mails), auditRows: sum((one) => one.auditRows) },
    slowestSeconds: Math.max(...cases.map((one) => one.seconds)),
    deviations: cases.filter(hasDeviated),
  };
}

/** Cuts closes off at every fault point and prints one JSON summary; exits with 1 where one came out otherwise than unharmed. */
async function main(): Promise<void> {
  const matrix = matrixOf(process.argv.slice(2));
  const since = Date.now();
  const stopped = interrupted();
  const ground = await openGround();
  try {
    const cases = await Promise.race([runMatrix(ground, matrix, tellCase), stopped]);
    const summary = summaryOf(cases, Math.round((Date.now() - since) / 1000));
    process.stdout.write(`${JSON.stringify(summary, null, 2)}\n`);
    if (summary.failed > 0) process.exitCode = 1;
  } finally {
    await ground.dispose();
  }
}

await main();
