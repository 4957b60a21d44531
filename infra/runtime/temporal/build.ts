import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Tell } from './binary.ts';

/** The newest CLI whose modules are all published, with server 1.29.1 and UI 2.42.1 inside. */
export const GO_MODULE_VERSION = 'v1.5.1';
const MODULE = `github.com/temporalio/cli/cmd/temporal@${GO_MODULE_VERSION}`;
const TELL_EVERY_MS = 10_000;
const LAST_LINES = 5;

/** Whether Go is at hand. */
export const hasGo = (): boolean => spawnSync('go', ['version'], { stdio: 'ignore' }).status === 0;

/** Builds the CLI from its Go module into `folder`; null where there is no Go. Throws with Go's last words where it fails. */
export async function buildTemporal(folder: string, tell: Tell, signal?: AbortSignal): Promise<string | null> {
  if (!hasGo()) return null;
  const begun = Date.now();
  const seconds = () => Math.round((Date.now() - begun) / 1000);
  const telling = () =>
    tell(
      `Building the Temporal CLI ${GO_MODULE_VERSION} with Go, once for this machine: ${seconds()} s of some minutes`,
    );
  telling();
  const timer = setInterval(telling, TELL_EVERY_MS);
  const child = spawn('go', ['install', '-trimpath', '-ldflags=-s -w', MODULE], {
    env: { ...process.env, GOBIN: folder, CGO_ENABLED: '0' },
    stdio: ['ignore', 'ignore', 'pipe'],
    signal,
  });
  let words = '';
  child.stderr.on('data', (chunk) => {
    words = `${words}${chunk}`.slice(-4_000);
  });
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    if (code === 0) return join(folder, 'temporal');
    const last = words.trim().split('\n').slice(-LAST_LINES).join('\n');
    throw new Error(`Go could not build the Temporal CLI (${MODULE}):\n${last}`);
  } finally {
    clearInterval(timer);
  }
}
