import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { startSmtp } from '../../../infra/mailbox/smtp.ts';
import { type RunningMailbox, runMailbox, sendTo, statusOf, temporaryFolder } from './running-mailbox.ts';

let place: Awaited<ReturnType<typeof temporaryFolder>>;
let box: RunningMailbox;

beforeEach(async () => {
  place = await temporaryFolder();
  box = await runMailbox(join(place.path, 'mailbox'));
});

afterEach(async () => {
  await box.close();
  await place.remove();
});

async function messages(of = box) {
  const answer = (await (await fetch(`${of.url}/api/messages`)).json()) as { messages: Record<string, unknown>[] };
  return answer.messages;
}

async function page(path: string): Promise<string> {
  return await (await fetch(box.url + path)).text();
}

describe('receiving', () => {
  test('a message is on the disk, whole and private, when the sender is told so', async () => {
    await box.send({ text: 'line one\n.line two', headers: { 'X-Meshline-Client': 'online-retail' } });
    const [id, ...others] = await box.folder.ids();
    expect(id).toMatch(/^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}Z-[0-9a-f]{16}$/);
    expect(others).toEqual([]);
    const path = box.folder.fileOf(id ?? '');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const kept = await readFile(path, 'utf8');
    expect(kept).toContain('X-Meshline-Client: online-retail\r\n');
    expect(kept).toContain('\r\n\r\nline one\r\n.line two');
    expect(await readdir(box.folder.path)).toEqual([`${id}.eml`]);
  });

  test('the same mail sent twice is kept twice, and the second is marked', async () => {
    const messageId = '<report.1@meshline.local>';
    for (let i = 0; i < 2; i++) await box.send({ messageId, date: new Date(0) });
    expect((await messages()).map(({ messageId, repeats }) => [messageId, repeats])).toEqual([
      [messageId, 1],
      [messageId, 0],
    ]);
    expect((await page('/')).match(/sent again/g)).toHaveLength(1);
  });

  test('mails sent at the same time are all kept', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, i) => box.send({ subject: `mail ${i}` })));
    const subjects = (await messages()).map(({ subject }) => subject);
    expect(new Set(subjects)).toEqual(new Set(Array.from({ length: 20 }, (_, i) => `mail ${i}`)));
  });

  test('a sender that hangs up in the middle of a message leaves nothing behind', async () => {
    await hangUpInside(box.smtpPort);
    await box.send({ subject: 'the next one' });
    expect((await messages()).map(({ subject }) => subject)).toEqual(['the next one']);
    expect(await readdir(box.folder.path)).toHaveLength(1);
  });

  test('a message over the limit is refused for good and not kept', async () => {
    const refused = box.send({ text: 'x'.repeat(1000).concat('\n').repeat(34_000) });
    await expect(refused).rejects.toMatchObject({ responseCode: 552 });
    expect(await readdir(box.folder.path)).toEqual([]);
  });

  test('a folder that cannot be written to asks the sender to try again, and mail flows when it is back', async () => {
    await rm(box.folder.path, { recursive: true });
    await expect(box.send()).rejects.toMatchObject({ responseCode: 451 });
    await mkdir(box.folder.path);
    expect(await box.send()).toMatch(/^250 .*stored as /);
  });

  test('a full disk is a failure that may heal, and says so', async () => {
    const full = async (message: AsyncIterable<Buffer>): Promise<string> => {
      for await (const _ of message);
      throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    };
    const smtp = await startSmtp({ store: full }, 0);
    await expect(sendTo(smtp.port, {})).rejects.toMatchObject({
      responseCode: 452,
      response: expect.stringContaining('disk is full'),
    });
    await smtp.close();
  });
});

describe('starting again', () => {
  test('every message is still there, and an interrupted receipt is not', async () => {
    await box.send({ subject: 'before' });
    const before = await messages();
    await box.close();
    await writeFile(join(box.folder.path, '.incoming-1'), 'half a mess');
    box = await runMailbox(box.folder.path);
    expect(await messages()).toEqual(before);
    expect(await readdir(box.folder.path)).toHaveLength(1);
  });

  test('a file that holds no message is shown as unreadable and breaks nothing', async () => {
    await box.send({ subject: 'fine' });
    await writeFile(join(box.folder.path, 'broken.eml'), Buffer.from([0, 255, 1, 254]));
    await writeFile(join(box.folder.path, 'empty.eml'), '');
    await mkdir(join(box.folder.path, 'folder.eml'));
    const listed = await messages();
    expect(listed.filter(({ unreadable }) => unreadable).map(({ id }) => id)).toHaveLength(3);
    expect(listed.find(({ unreadable }) => !unreadable)).toMatchObject({ subject: 'fine' });
    expect((await page('/')).match(/class="mark alert">unreadable/g)).toHaveLength(3);
    expect(await page('/messages/broken')).toContain('holds no message that can be read');
    expect(await page('/messages/folder')).toContain('holds no message that can be read');
  });
});

describe('the JSON of a message', () => {
  test('says who, what, when and every header, and with an id also the bodies', async () => {
    const cc = ['Ümit Öz <ops@agency.example>', 'kim@agency.example'];
    await box.send({ to: cc, subject: 'Größe £', html: '<p>Closed.</p>', headers: { 'X-Meshline-Client': 'shop' } });
    const [message] = await messages();
    expect(message).toMatchObject({
      from: 'Meshline <close@agency.example>',
      to: ['ops@agency.example', 'kim@agency.example'],
      subject: 'Größe £',
      headers: { 'x-meshline-client': 'shop', subject: 'Größe £' },
    });
    expect(Date.parse(String(message?.receivedAt))).not.toBeNaN();
    const whole = await (await fetch(`${box.url}/api/messages/${message?.id}`)).json();
    expect(whole).toMatchObject({ id: message?.id, text: 'Closed.', html: '<p>Closed.</p>', attachments: [] });
  });

  test('an id that is unknown or reaches outside the folder is not found', async () => {
    await writeFile(join(box.folder.path, '..', 'outside.eml'), 'Subject: secret\r\n\r\n');
    for (const id of ['none', '..%2Foutside', '%2e%2e%2foutside', '.incoming-1']) {
      expect((await fetch(`${box.url}/api/messages/${id}`)).status).toBe(404);
      expect((await fetch(`${box.url}/messages/${id}/raw`)).status).toBe(404);
    }
  });

  test('deleting empties the mailbox', async () => {
    await box.send();
    expect((await fetch(`${box.url}/api/messages`, { method: 'DELETE' })).status).toBe(204);
    expect(await messages()).toEqual([]);
    expect(await page('/')).toContain('No mail yet');
  });
});

describe('the pages', () => {
  test('an empty list says what will appear', async () => {
    expect(await page('/')).toContain('The nightly reports of your clients appear here once a day has closed');
  });

  test('what a sender wrote never becomes markup of the page', async () => {
    const hostile = '"><script>alert(1)</script>';
    await box.send({ subject: hostile, text: hostile, headers: { 'X-Note': hostile }, to: 'a@b.example' });
    const [message] = await messages();
    for (const path of ['/', `/messages/${message?.id}`]) expect(await page(path)).not.toContain('<script>');
    expect(await page(`/messages/${message?.id}`)).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  });

  test('the HTML part is framed in a sandbox that runs no script and loads nothing from elsewhere', async () => {
    await box.send({ html: '<html><head></head><body><img src="https://tracker.example/p.gif"></body></html>' });
    const [message] = await messages();
    expect(await page(`/messages/${message?.id}`)).toMatch(/<iframe [^>]*sandbox="(?![^"]*(scripts|same-origin))/);
    const frame = await fetch(`${box.url}/messages/${message?.id}/html`);
    const policy = frame.headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/^sandbox (?!.*(allow-scripts|allow-same-origin)).*default-src 'none'/);
    expect(policy).not.toMatch(/https?:|script-src/);
    expect(await frame.text()).toContain('<head><base target="_blank"></head>');
  });

  test('the original comes back byte for byte', async () => {
    await box.send({ text: 'Größe', attachments: [{ filename: 'rows.csv', content: 'a,b\r\n' }] });
    const [message] = await messages();
    const raw = await fetch(`${box.url}/messages/${message?.id}/raw`);
    const file = await readFile(box.folder.fileOf(String(message?.id)));
    expect(Buffer.from(await raw.arrayBuffer()).equals(file)).toBe(true);
    expect(await page(`/messages/${message?.id}`)).toContain('rows.csv (5 bytes)');
  });
});

describe('requests from other sites', () => {
  test('a foreign host name or origin is refused, our own is served', async () => {
    const { host, port } = new URL(box.url);
    const list = `${box.url}/api/messages`;
    expect(await statusOf(list, { host: 'rebound.example' })).toBe(403);
    expect(await statusOf(list, { host: `rebound.example:${port}` })).toBe(403);
    expect(await statusOf(list, { host, origin: 'https://other.example' })).toBe(403);
    expect(await statusOf(list, { host, origin: 'null' })).toBe(403);
    expect(await statusOf(list, { host, origin: 'https://other.example' }, 'DELETE')).toBe(403);
    expect(await statusOf(list, { host: `localhost:${port}`, origin: box.url })).toBe(200);
  });
});

/** Speaks SMTP by hand up to the middle of a message and then drops the line. */
function hangUpInside(port: number): Promise<void> {
  const lines = ['EHLO test', 'MAIL FROM:<a@b.example>', 'RCPT TO:<c@d.example>', 'DATA', 'Subject: half\r\n\r\nhal'];
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('data', (said) => {
      if (/^\d{3}-/.test(said.toString()) && !/\n\d{3} /.test(said.toString())) return;
      socket.write(`${lines.shift()}\r\n`);
      if (lines.length === 0) setTimeout(() => socket.destroy(), 50);
    });
    socket.on('close', () => resolve());
  });
}
