import { type AddressInfo, createServer } from 'node:net';
import { MailError } from '../../../infra/mail/mail-error.ts';
import { stableMessageId } from '../../../infra/mail/message-id.ts';
import { renderReport } from '../../../infra/mail/report/render-report.ts';
import { type MailRequest, sendMail } from '../../../infra/mail/send.ts';
import { closeMailTransports } from '../../../infra/mail/transports.ts';
import { type Mailbox, reply, startMailbox } from './mailbox.ts';
import { publishedView } from './views.ts';

const boxes: Mailbox[] = [];

async function mailbox(options: Parameters<typeof startMailbox>[0] = {}): Promise<Mailbox> {
  const box = await startMailbox(options);
  boxes.push(box);
  return box;
}

afterEach(async () => {
  closeMailTransports();
  await Promise.all(boxes.splice(0).map((box) => box.close()));
});

function request(port: number, changes: Partial<MailRequest> = {}): MailRequest {
  return {
    transportUrl: `smtp://127.0.0.1:${port}`,
    from: 'Meshline <close@agency.example>',
    to: ['finance@client.example'],
    messageId: stableMessageId('report', ['online-retail', '2010-12-15', '6f1c2ab94e07', 'client-mail']),
    headers: { 'X-Meshline-Client': 'online-retail', 'X-Meshline-Report-Version': '6f1c2ab94e07' },
    ...renderReport(publishedView()),
    ...changes,
  };
}

async function failure(sending: Promise<unknown>): Promise<MailError> {
  const error = await sending.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof MailError)) throw new Error(`expected a MailError, got ${String(error)}`);
  return error;
}

describe('sending over SMTP', () => {
  test('a mail arrives with both bodies, its stable id and our headers', async () => {
    const box = await mailbox();
    const sent = request(box.port);
    const receipt = await sendMail(sent);
    const [mail] = box.mails;
    expect(receipt).toMatchObject({ messageId: sent.messageId, accepted: ['finance@client.example'], rejected: [] });
    expect(mail?.messageId).toBe(sent.messageId);
    expect(mail?.subject).toBe(sent.subject);
    expect(mail?.text?.trimEnd()).toBe(sent.text.trimEnd());
    expect((mail?.html || '').trimEnd()).toBe(sent.html.trimEnd());
    expect(mail?.headers.get('x-meshline-client')).toBe('online-retail');
    expect(mail?.headers.get('auto-submitted')).toBe('auto-generated');
  });

  test('the same delivery sent again carries the same id, another one does not', async () => {
    const box = await mailbox();
    await sendMail(request(box.port));
    await sendMail(request(box.port));
    expect(new Set(box.mails.map((mail) => mail.messageId)).size).toBe(1);
    expect(stableMessageId('report', ['a', 'b'])).toMatch(/^<report\.[0-9a-f]{32}@meshline\.local>$/);
    expect(stableMessageId('report', ['ab', ''])).not.toBe(stableMessageId('report', ['a', 'b']));
  });

  test('mails one after the other share a connection', async () => {
    const box = await mailbox();
    for (let i = 0; i < 3; i++) await sendMail(request(box.port));
    expect(box.mails).toHaveLength(3);
    expect(box.connections()).toBe(1);
  });

  test('a connection that the server closed in between does not lose the next mail', async () => {
    const box = await mailbox();
    await sendMail(request(box.port));
    box.dropConnections();
    await sendMail(request(box.port));
    expect(box.mails).toHaveLength(2);
  });

  test('a recipient refused for good is permanent and says what to do', async () => {
    const box = await mailbox({ onRcptTo: (_address, _session, done) => done(reply(550, 'mailbox unavailable')) });
    const error = await failure(sendMail(request(box.port)));
    expect(error).toMatchObject({ kind: 'permanent', replyCode: 550 });
    expect(error.message).toContain(`127.0.0.1:${box.port}: 550 mailbox unavailable. Correct the address`);
  });

  test('a recipient refused for now is transient', async () => {
    const box = await mailbox({ onRcptTo: (_address, _session, done) => done(reply(451, 'greylisted')) });
    expect(await failure(sendMail(request(box.port)))).toMatchObject({ kind: 'transient', replyCode: 451 });
  });

  test('a server that fails after the data is transient', async () => {
    const box = await mailbox({
      onData: (stream, _session, done) => stream.resume().on('end', () => done(reply(452, 'disk full'))),
    });
    expect(await failure(sendMail(request(box.port)))).toMatchObject({ kind: 'transient', replyCode: 452 });
  });

  test('where one of two recipients is refused the mail counts as sent and the refusal is reported', async () => {
    const box = await mailbox({
      onRcptTo: ({ address }, _session, done) => done(address.startsWith('gone') ? reply(550, 'no such user') : null),
    });
    const receipt = await sendMail(request(box.port, { to: ['finance@client.example', 'gone@client.example'] }));
    expect(receipt.accepted).toEqual(['finance@client.example']);
    expect(receipt.rejected).toEqual([
      { address: 'gone@client.example', kind: 'permanent', detail: '550 no such user' },
    ]);
  });

  test('nobody listening is transient', async () => {
    const box = await startMailbox();
    await box.close();
    const error = await failure(sendMail(request(box.port)));
    expect(error).toMatchObject({ kind: 'transient', replyCode: null });
    expect(error.message).toContain('safe to send again');
  });

  test('a server that never greets ends as transient within the time given', async () => {
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    const error = await failure(sendMail(request(port, { timeoutMs: 150 })));
    expect(error).toMatchObject({ kind: 'transient', replyCode: null });
    closeMailTransports();
    silent.close();
  });

  test('a cancelled caller gets its own reason back', async () => {
    const box = await mailbox({ onConnect: () => {} });
    const cancel = new AbortController();
    const sending = sendMail(request(box.port, { signal: cancel.signal }));
    cancel.abort(new Error('the activity was cancelled'));
    await expect(sending).rejects.toThrow('the activity was cancelled');
  });
});

describe('credentials of the SMTP URL', () => {
  const secret = 'p@ss/w0rd';

  test('a sign-in that fails is permanent and its error holds neither user nor password in any form', async () => {
    const echo = (user: unknown, pass: unknown) =>
      `bad ${user} ${pass} ${Buffer.from(`\0${user}\0${pass}`).toString('base64')}`;
    const box = await mailbox({
      allowInsecureAuth: true,
      onAuth: (auth, _session, done) => done(reply(535, echo(auth.username, auth.password))),
    });
    const transportUrl = `smtp://mailer:${encodeURIComponent(secret)}@127.0.0.1:${box.port}`;
    const error = await failure(sendMail(request(box.port, { transportUrl })));
    expect(error).toMatchObject({ kind: 'permanent', replyCode: 535 });
    const everything = `${error.message} ${error.stack} ${JSON.stringify(error, Object.getOwnPropertyNames(error))}`;
    for (const form of [
      'mailer',
      secret,
      encodeURIComponent(secret),
      Buffer.from(`\0mailer\0${secret}`).toString('base64'),
    ]) {
      expect(everything).not.toContain(form);
    }
    expect(error.cause).toBeUndefined();
  });

  test('an address that is no SMTP URL is not quoted', async () => {
    for (const transportUrl of [
      `http://mailer:${secret}@host`,
      `not a url ${secret}`,
      `smtp://mailer:${secret}@host:25`,
    ]) {
      const error = await failure(sendMail(request(1, { transportUrl })));
      expect(error.kind).toBe('permanent');
      expect(error.message).not.toMatch(/p@ss|w0rd|mailer|\bss\b/);
    }
  });

  test('a password never leaves the machine without TLS', async () => {
    const { smtpTarget } = await import('../../../infra/mail/smtp-url.ts');
    expect(smtpTarget('smtp://user:pass@mail.example').requireTls).toBe(true);
    expect(smtpTarget('smtp://user:pass@127.0.0.1:1025').requireTls).toBe(false);
    expect(smtpTarget('smtp://mail.example').requireTls).toBe(false);
  });
});

describe('what a mail must carry', () => {
  test('a foreign header, a wrong id and an empty recipient list are refused before anything is sent', async () => {
    const box = await mailbox();
    const wrong: Partial<MailRequest>[] = [{ headers: { Bcc: 'x@y.example' } }, { messageId: 'report-1' }, { to: [] }];
    for (const changes of wrong) expect((await failure(sendMail(request(box.port, changes)))).kind).toBe('permanent');
    expect(box.connections()).toBe(0);
  });
});
