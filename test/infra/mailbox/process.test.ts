import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mailboxSettings } from '../../../infra/mailbox/settings.ts';
import { sendTo, temporaryFolder } from './running-mailbox.ts';

async function startProcess(home: string) {
  const child = fork('infra/mailbox/main.ts', {
    execArgv: [],
    env: { ...process.env, MESHLINE_HOME: home, MESHLINE_MAILBOX_SMTP_PORT: '0', MESHLINE_MAILBOX_HTTP_PORT: '0' },
  });
  const [said] = (await once(child, 'message')) as [{ ready: true; smtpPort: number; httpPort: number }];
  return { child, ...said };
}

describe('the mailbox as a process', () => {
  test.each(['SIGTERM', 'disconnect'] as const)(
    'says that it is ready, keeps mail, and ends cleanly on %s',
    async (end) => {
      const home = await temporaryFolder();
      const { child, ready, smtpPort, httpPort } = await startProcess(home.path);
      expect(ready).toBe(true);
      await sendTo(smtpPort, { subject: 'over the process' });
      const listed = await (await fetch(`http://127.0.0.1:${httpPort}/api/messages`)).json();
      expect(listed).toMatchObject({ messages: [{ subject: 'over the process' }] });
      const exited = once(child, 'exit');
      if (end === 'SIGTERM') child.kill('SIGTERM');
      else child.disconnect();
      expect(await exited).toEqual([0, null]);
      await home.remove();
    },
  );

  test('a missing or wrong variable is named with what it is for', () => {
    const env = { MESHLINE_HOME: '/data', MESHLINE_MAILBOX_SMTP_PORT: '1', MESHLINE_MAILBOX_HTTP_PORT: '2' };
    expect(mailboxSettings(env)).toEqual({ smtpPort: 1, httpPort: 2, folder: '/data/mailbox' });
    expect(() => mailboxSettings({ ...env, MESHLINE_HOME: '' })).toThrow('MESHLINE_HOME is not set');
    expect(() => mailboxSettings({ ...env, MESHLINE_MAILBOX_SMTP_PORT: 'smtp' })).toThrow('"smtp", not a port');
  });
});
