import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ChildRegister } from './children.ts';
import { identify } from './process-identity.ts';
import { stopProcess } from './stop-process.ts';

/** How one process of the installation is started and stopped. `launch` resolves when it serves. */
export type Service = {
  name: string;
  stopSignal: NodeJS.Signals;
  launch(onSpawn: (child: ChildProcess) => void): Promise<unknown>;
};

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;
const STEADY_AFTER_MS = 30_000;
const GRACE_MS = 20_000;

/** Keeps one service running: a process that ends by itself is started again, after pauses that grow. */
export class Supervised {
  readonly #service: Service;
  readonly #register: ChildRegister;
  readonly #tell: (text: string) => void;
  #child: ChildProcess | null = null;
  #stopping = false;
  #restarts = 0;

  constructor(service: Service, register: ChildRegister, tell: (text: string) => void) {
    this.#service = service;
    this.#register = register;
    this.#tell = tell;
  }

  /** Starts it for the first time; throws where it does not come up. */
  async start(): Promise<void> {
    await this.#launch();
  }

  async #launch(): Promise<void> {
    const since = Date.now();
    await this.#service.launch((child) => {
      this.#child = child;
      if (child.pid) this.#register.note(this.#service.name, child.pid, this.#service.stopSignal);
      child.once('exit', () => void this.#ended(child, since));
    });
  }

  async #ended(child: ChildProcess, since: number): Promise<void> {
    if (this.#stopping || child !== this.#child) return;
    this.#restarts = Date.now() - since > STEADY_AFTER_MS ? 0 : this.#restarts + 1;
    const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.#restarts);
    const how = child.signalCode ?? `code ${child.exitCode}`;
    this.#tell(`${this.#service.name} ended (${how}) and is started again`);
    await sleep(pauseMs);
    if (this.#stopping) return;
    // A launch that fails has ended its process, and comes back here by that.
    await this.#launch().catch((error: Error) => this.#tell(`${this.#service.name}: ${error.message}`));
  }

  async stop(tell: (text: string) => void): Promise<void> {
    this.#stopping = true;
    tell(`Stopping ${this.#service.name}`);
    const identity = this.#child?.pid ? identify(this.#child.pid) : null;
    if (identity) await stopProcess(identity, this.#service.stopSignal, GRACE_MS);
    this.#register.forget(this.#service.name);
  }
}
