import { once } from 'node:events';
import pc from 'picocolors';
import { homeOf } from '../infra/runtime/home.ts';
import { type Installation, startInstallation } from '../infra/runtime/installation.ts';
import { runDemo } from './demo.ts';

export type UpOptions = { data?: string; empty?: boolean; json?: boolean };

const say = (text: string): void => void process.stderr.write(`${text}\n`);
const begun = Date.now();
const step = (text: string): void =>
  say(pc.dim(`${String(Math.round((Date.now() - begun) / 1000)).padStart(4)} s  `) + text);

function welcome({ endpoints, home }: Installation): void {
  const lines: [string, string | null][] = [
    ['API and its docs', endpoints.console],
    ['Temporal UI', endpoints.temporalUi],
    ['Mailbox', endpoints.mailbox],
    ['Data', home.root],
  ];
  say(`\n${pc.bold('Meshline is ready.')}\n`);
  for (const [name, where] of lines) if (where) say(`  ${name.padEnd(18)}${pc.cyan(where)}`);
  say(`\n  In another terminal: ${pc.bold('npx meshline --help')}. Ctrl-C here stops everything.\n`);
}

const WORDS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Calls back at the first word to stop: Ctrl-C, SIGTERM, a closed terminal. Later ones change nothing. */
function onWordToStop(stop: () => void): void {
  for (const name of WORDS) process.on(name, stop);
  const parent = process.ppid;
  // npm passes no signal on to what its script started, so the end of npm is a word too.
  if (process.env.npm_lifecycle_event) setInterval(() => process.ppid !== parent && stop(), 500).unref();
}

async function serve(installation: Installation, options: UpOptions, signal: AbortSignal): Promise<void> {
  welcome(installation);
  await runDemo(installation, { empty: options.empty ?? false, say, signal });
  if (!signal.aborted) await once(signal, 'abort');
}

/** Starts everything here and runs until it is told to stop. Returns the exit code. */
export async function up(options: UpOptions): Promise<number> {
  const home = homeOf(options.data, process.env);
  // A terminal that is gone takes its text with it, and nothing else.
  process.stderr.on('error', () => undefined);
  const stopping = new AbortController();
  onWordToStop(() => stopping.abort());
  try {
    const installation = await startInstallation(home, process.env, { tell: step, signal: stopping.signal });
    await serve(installation, options, stopping.signal).finally(() => installation.stop(step));
  } catch (error) {
    if (!stopping.signal.aborted) {
      say(`${pc.red('Meshline did not start.')} ${(error as Error).message}`);
      return 1;
    }
  }
  say('Everything is stopped.');
  return 0;
}
