import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import getPort from 'get-port';
import { temporalService } from '../../../infra/runtime/temporal/server.ts';
import { devServer, devServerTest } from '../../support/temporal.ts';

const children: ChildProcess[] = [];
const folders: string[] = [];

async function launchOn(port: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'meshline-temporal-'));
  folders.push(folder);
  const uiPort = await getPort({ host: '127.0.0.1' });
  const service = temporalService({ binary: devServer!, folder, logFolder: folder, port, uiPort });
  await service.launch((child) => children.push(child));
}

afterAll(async () => {
  for (const child of children) {
    if (child.exitCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

devServerTest('a Temporal that another one keeps from its port does not pass for started', async () => {
  const port = await getPort({ host: '127.0.0.1' });
  await launchOn(port);
  await expect(launchOn(port)).rejects.toThrow('Temporal ended while it started');
});
