import { once } from 'node:events';
import { createServer } from 'node:net';
import { isAlive, TestInstallation } from '../support/installation.ts';

const MINUTES = 60_000;

describe('meshline up', () => {
  const installation = new TestInstallation();
  afterAll(() => installation.dispose(), 2 * MINUTES);
  let children: Map<string, number>;

  test(
    'starts everything and says where it is',
    async () => {
      await installation.start('--empty');
      children = installation.children;
      expect([...children.keys()].sort()).toEqual(['api', 'mailbox', 'postgres', 'temporal', 'worker']);
      const { code, stdout } = await installation.run('status', '--json');
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ ready: true, api: installation.endpoints.api });
      expect(installation.said).toContain(`export MESHLINE_HOME=${installation.data}`);
    },
    20 * MINUTES,
  );

  test('says that it runs already when it is started a second time on the same data', async () => {
    const { code, stderr } = await installation.run('up');
    expect(code).toBe(1);
    expect(stderr).toContain(`already runs on this data folder, as process ${installation.pid}`);
    expect((await installation.run('status')).code).toBe(0);
  });

  test.each(['worker', 'api', 'mailbox', 'temporal', 'postgres'])('starts a %s again that was killed', async (name) => {
    const pid = installation.children.get(name)!;
    process.kill(pid, 'SIGKILL');
    await installation.until(() => (installation.children.get(name) ?? pid) !== pid, MINUTES);
    await installation.until(async () => (await installation.run('client', 'list')).code === 0, MINUTES);
  });

  test(
    'ends every process on SIGTERM',
    async () => {
      const pids = [...installation.children.values()];
      expect(await installation.stop('SIGTERM')).toBe(0);
      expect(pids.filter(isAlive)).toEqual([]);
      expect((await installation.run('status')).code).toBe(4);
    },
    2 * MINUTES,
  );

  test(
    'takes over what a killed start left behind',
    async () => {
      await installation.start();
      const left = installation.children;
      await installation.stop('SIGKILL');
      expect(isAlive(left.get('postgres')!)).toBe(true);
      await installation.start();
      expect(installation.said).toMatch(/Stopped postgres, which an earlier start had left behind/);
      expect([...left.values()].filter(isAlive)).toEqual([]);
      expect((await installation.run('status')).code).toBe(0);
    },
    4 * MINUTES,
  );

  test(
    'ends every process on Ctrl-C',
    async () => {
      const pids = [...installation.children.values()];
      expect(await installation.stop('SIGINT')).toBe(0);
      expect(pids.filter(isAlive)).toEqual([]);
    },
    2 * MINUTES,
  );

  test(
    'chooses other ports where its own are taken',
    async () => {
      const api = Number(new URL((await installation.start()).endpoints.api).port);
      await installation.stop();
      const intruder = createServer().listen(api, '127.0.0.1');
      await once(intruder, 'listening');
      try {
        await installation.start();
        expect(Number(new URL(installation.endpoints.api).port)).not.toBe(api);
        expect((await installation.run('status')).code).toBe(0);
      } finally {
        intruder.close();
      }
    },
    4 * MINUTES,
  );
});
