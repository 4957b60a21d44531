import { setTimeout as sleep } from 'node:timers/promises';
import { dueNights, noteNights } from '../infra/demo/nights.ts';
import { homeOf } from '../infra/runtime/home.ts';
import { type Installation, startInstallation } from '../infra/runtime/installation.ts';
import { openApi } from './api.ts';
import { errorColors as colors } from './colors.ts';
import { closeNights, introduce } from './demo.ts';
import { lastNightText, nextSteps } from './print/last-night.ts';
import { shellWord } from './text.ts';

export type UpOptions = { data?: string; empty?: boolean; json?: boolean };

const say = (text: string): void => void process.stderr.write(`${text}\n`);
const begun = Date.now();
const step = (text: string): void =>
  say(colors.dim(`${String(Math.round((Date.now() - begun) / 1000)).padStart(4)} s  `) + text);

/** Where commands look that are told of no data folder. */
const usualHome = (): string => homeOf(undefined, { ...process.env, MESHLINE_HOME: undefined }).root;

function welcome({ endpoints, home }: Installation): void {
  const lines: [string, string | null][] = [
    ['API and its docs', endpoints.console],
    ['Temporal UI', endpoints.temporalUi],
    ['Mailbox', endpoints.mailbox],
    ['Data', home.root],
  ];
  say(`\n${colors.bold('Meshline is ready.')}\n`);
  for (const [name, where] of lines) if (where) say(`  ${name.padEnd(18)}${colors.cyan(where)}`);
  const first =
    home.root === usualHome() ? '' : `${colors.bold(`export MESHLINE_HOME=${shellWord(home.root)}`)}, then `;
  say(`\n  In another terminal: ${first}${colors.bold('npx meshline --help')}. Ctrl-C here stops everything.\n`);
}

const WORDS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Calls back at the first word to stop: Ctrl-C, SIGTERM, a closed terminal. Later ones change nothing. */
function onWordToStop(stop: () => void): void {
  for (const name of WORDS) process.on(name, stop);
  const parent = process.ppid;
  // npm passes no signal on to what its script started, so the end of npm is a word too.
  if (process.env.npm_lifecycle_event) setInterval(() => process.ppid !== parent && stop(), 500).unref();
}

/** Writes and closes the demo's nights that are due. A failure is told; the installation goes on without them. */
async function closeDueNights(
  { home, endpoints, token }: Installation,
  empty: boolean,
  signal: AbortSignal,
): Promise<void> {
  try {
    const due = await dueNights(home.root, empty, new Date());
    if (!due) return;
    const api = openApi({ endpoints, token });
    if (due.first) await introduce(api, due.clients);
    const nights = await closeNights(api, due.clients, signal);
    noteNights(home.root, due);
    say(lastNightText(nights));
    if (due.first) say(nextSteps(nights));
  } catch (error) {
    if (!signal.aborted) say(`${colors.yellow('The demo is not complete.')} ${(error as Error).message}`);
  }
}

const HOUR_MS = 3_600_000;

async function serve(installation: Installation, options: UpOptions, signal: AbortSignal): Promise<void> {
  welcome(installation);
  while (!signal.aborted) {
    await closeDueNights(installation, options.empty ?? false, signal);
    await sleep(HOUR_MS, undefined, { signal }).catch(() => undefined);
  }
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
      say(`${colors.red('Meshline did not start.')} ${(error as Error).message}`);
      return 1;
    }
  }
  say('Everything is stopped.');
  return 0;
}
