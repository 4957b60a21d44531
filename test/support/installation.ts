import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export type Ran = { code: number; stdout: string; stderr: string };
/** What `meshline up` writes down for itself. */
export type Endpoints = { pid: number; api: string; mailbox: string; postgres: string; temporalAddress: string };

const commandOf = (checkout: string): string[] => [
  '--disable-warning=ExperimentalWarning',
  resolve(checkout, 'cli/main.ts'),
];
/** Getting the engine the first time may mean building it. */
const READY_WITHIN_MS = 15 * 60_000;

function environment(extra: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _, JEST_WORKER_ID: __, NODE_ENV: ___, ...inherited } = process.env;
  return { ...inherited, NO_COLOR: '1', ...extra };
}

/** A whole installation on a data folder of its own, run by the real command line in processes of its own. */
export class TestInstallation {
  readonly data: string;
  readonly #env: Readonly<Record<string, string>>;
  #up: ChildProcess | null = null;
  said = '';

  /** The checkout whose command line is run; another one may go on with the same data. */
  checkout = '.';

  constructor(env: Readonly<Record<string, string>> = {}) {
    this.data = mkdtempSync(join(tmpdir(), 'meshline-e2e-'));
    this.#env = env;
  }

  /** Runs `meshline up` and resolves when it is ready. Throws with what it said where it ends before. */
  async start(...options: string[]): Promise<this> {
    this.said = '';
    const child = spawn(process.execPath, [...commandOf(this.checkout), 'up', '--data', this.data, ...options], {
      env: environment(this.#env),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#up = child;
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        this.said += chunk;
      });
    await this.until(() => this.said.includes('Meshline is ready'), READY_WITHIN_MS);
    return this;
  }

  /** Looks again until something is so; throws with what `up` said where it ends before, or where it takes too long. */
  async until(isSo: () => boolean | Promise<boolean>, withinMs: number): Promise<void> {
    for (const deadline = Date.now() + withinMs; !(await isSo()); await sleep(200)) {
      const ended = this.#up !== null && (this.#up.exitCode !== null || this.#up.signalCode !== null);
      if (ended || Date.now() > deadline) throw new Error(`${ended ? 'up ended' : 'it took too long'}:\n${this.said}`);
    }
  }

  get endpoints(): Endpoints {
    return JSON.parse(readFileSync(join(this.data, 'run', 'endpoints.json'), 'utf8')) as Endpoints;
  }

  /** The processes that `up` has started, by name. */
  get children(): Map<string, number> {
    const file = join(this.data, 'run', 'children.json');
    const records = JSON.parse(readFileSync(file, 'utf8')) as { name: string; pid: number }[];
    return new Map(records.map(({ name, pid }) => [name, pid]));
  }

  get pid(): number {
    return this.#up!.pid!;
  }

  /** Runs a command of the command line against this installation. */
  run(...args: string[]): Promise<Ran> {
    return new Promise((done) => {
      const options = { env: environment(this.#env), maxBuffer: 64 * 1024 * 1024 };
      execFile(
        process.execPath,
        [...commandOf(this.checkout), ...args, '--data', this.data],
        options,
        (error, stdout, stderr) => {
          const code = error ? Number((error as { code?: unknown }).code ?? -1) : 0;
          done({ code, stdout, stderr });
        },
      );
    });
  }

  /** The JSON document that a command prints; throws where its exit code is none of those expected. */
  async json<T>(args: readonly string[], codes: readonly number[] = [0]): Promise<T> {
    const { code, stdout, stderr } = await this.run(...args, '--json');
    if (!codes.includes(code)) throw new Error(`meshline ${args.join(' ')}: exit ${code}\n${stdout}${stderr}`);
    return JSON.parse(stdout) as T;
  }

  /** Sends a signal to `up` and resolves with its exit code when it has ended. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    const child = this.#up;
    if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const ended = once(child, 'exit');
    child.kill(signal);
    const [code] = (await ended) as [number | null];
    return code;
  }

  /** Stops it and takes its data away. */
  async dispose(): Promise<void> {
    await this.stop();
    if (existsSync(this.data)) await rm(this.data, { recursive: true, force: true });
  }
}

/** Whether a process is there; one that ended and waits for its parent is not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
