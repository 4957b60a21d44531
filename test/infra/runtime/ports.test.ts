import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { choosePorts, someoneElseHas } from '../../../infra/runtime/ports.ts';

describe('the ports of an installation', () => {
  test('are other ones where theirs are taken, and it shows when somebody takes one later', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'meshline-ports-'));
    const first = await choosePorts(folder);
    expect(new Set(Object.values(first)).size).toBe(Object.keys(first).length);
    expect(await someoneElseHas(first)).toBe(false);
    const intruder = createServer().listen(first.api, '127.0.0.1');
    await once(intruder, 'listening');
    try {
      expect(await someoneElseHas(first)).toBe(true);
      expect((await choosePorts(folder)).api).not.toBe(first.api);
    } finally {
      intruder.close();
    }
  });
});
