import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Tell } from './binary.ts';

/** Reachable or not is known within seconds; a download over a slow line may take its time. */
const GIVE_UP_MS = 5 * 60_000;

/**
 * Lets the SDK download the CLI into `folder`, from where Temporal publishes it; null where that is out of reach. The
 * SDK starts the server that it got, which shows that it runs, and stops it.
 */
export async function downloadTemporal(folder: string, tell: Tell): Promise<string | null> {
  tell('Looking for the Temporal CLI at temporal.download');
  const { TestWorkflowEnvironment } = await import('@temporalio/testing');
  const giveUp = new Promise<null>((resolve) => setTimeout(resolve, GIVE_UP_MS, null).unref());
  const get = TestWorkflowEnvironment.createLocal({
    server: { executable: { type: 'cached-download', downloadDir: folder } },
  });
  try {
    const environment = await Promise.race([get, giveUp]);
    if (!environment) return null;
    await environment.teardown();
    const program = readdirSync(folder).find((name) => name.startsWith('temporal'));
    return program ? join(folder, program) : null;
  } catch {
    return null;
  }
}
