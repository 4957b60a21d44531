import type { ParsedMail } from 'mailparser';
import { type CloseBench, startCloseBench } from '../support/close-day.ts';
import { DATE, type Desk, deskDocument, openDesk } from '../support/exception-desk.ts';
import { openSmallShop, type SmallShop } from '../support/small-shop.ts';

let bench: CloseBench;
let shop: SmallShop;
let clients = 0;
beforeAll(async () => {
  bench = await startCloseBench();
});
afterAll(() => bench.stop());
beforeEach(async () => {
  shop = await openSmallShop();
  bench.mailbox.mails.length = 0;
});
afterEach(() => shop.remove());

type Wish = Omit<Parameters<typeof deskDocument>[1], 'clientId'>;

async function foundDay(wish: Wish = {}): Promise<{ desk: Desk; clientId: string }> {
  clients += 1;
  const clientId = `mails-${clients}`;
  await bench.apply(deskDocument(shop, { clientId, ...wish }));
  await shop.totals([`${DATE},11.00,`]);
  await shop.orders(DATE, [{ id: '1', at: `${DATE}T16:00:00Z`, amount: '10.00' }]);
  await bench.close({ clientId, businessDate: DATE });
  return { desk: openDesk(bench, clientId), clientId };
}

/** Everybody has mails of one thread: the first one, and those that answer to it. */
const addressOf = (mail: ParsedMail) => (Array.isArray(mail.to) ? mail.to[0] : mail.to)?.text;
const mailsTo = (mails: readonly ParsedMail[], person: string) =>
  mails.filter((mail) => addressOf(mail) === `${person}@agency.example`);
const subjects = (mails: readonly ParsedMail[]) => mails.map(({ subject }) => subject?.split(':')[0]);

/** Quiet hours that hold now, in UTC, and end in an hour or two. */
function quietNow() {
  const hour = new Date().getUTCHours();
  const time = (at: number) => `${String((at + 24) % 24).padStart(2, '0')}:00`;
  return { quietHours: { from: time(hour - 1), to: time(hour + 2) } };
}

describe('mails about an exception', () => {
  test('are one thread for each reader, and everyone who was told is told how it ended, once', async () => {
    const { desk } = await foundDay({ exceptions: { reminder: '1h', deputyAfter: '2h' } });
    await desk.ask();
    await desk.sendAll();
    for (let step = 0; step < 3; step += 1) {
      await desk.climb();
      await desk.sendAll();
    }
    await desk.say('reject', { actor: 'cleo', reason: 'the export is wrong' });
    await desk.end();
    await desk.end();
    const mails = desk.mails();
    expect(subjects(mailsTo(mails, 'ada'))).toEqual(['Decision needed', 'Reminder', 'Rejected']);
    expect(subjects(mailsTo(mails, 'ben'))).toEqual(['Decision needed', 'Rejected']);
    expect(subjects(mailsTo(mails, 'cleo'))).toEqual(['Deadline passed', 'Rejected']);
    expect(mailsTo(mails, 'dan')).toEqual([]);
    for (const person of ['ada', 'ben', 'cleo']) {
      const [first, ...later] = mailsTo(mails, person);
      expect(first!.inReplyTo).toBeUndefined();
      for (const mail of later) expect([mail.inReplyTo, mail.references]).toEqual([first!.messageId, first!.messageId]);
    }
    expect(new Set(mails.map(({ messageId }) => messageId)).size).toBe(mails.length);
    expect(mailsTo(mails, 'ada').at(-1)!.text).toContain('cleo rejected it: the export is wrong.');
    expect(mailsTo(mails, 'ada').at(-1)!.html).toContain('cleo rejected it: the export is wrong.');
  });

  test('say that its cause is gone, and answer in the same thread when it comes back', async () => {
    const { desk, clientId } = await foundDay();
    const close = () => bench.close({ clientId, businessDate: DATE });
    await desk.ask();
    await desk.sendAll();
    await shop.totals([`${DATE},10.00,`]);
    await close();
    await desk.end();
    await shop.totals([`${DATE},13.00,`]);
    await close();
    await desk.ask();
    await desk.sendAll();
    await shop.totals([`${DATE},10.00,`]);
    await close();
    await desk.end();
    expect(subjects(desk.mails())).toEqual(['Decision needed', 'Resolved', 'Decision needed', 'Resolved']);
    expect(desk.mails()[1]!.text).toContain('Attempt 2 no longer finds it.');
    expect(
      new Set(
        desk
          .mails()
          .slice(1)
          .map(({ inReplyTo }) => inReplyTo),
      ),
    ).toEqual(new Set([desk.mails()[0]!.messageId]));
  });

  test('are sent to nobody of whom it was decided before a mail went out', async () => {
    const { desk } = await foundDay();
    await desk.ask();
    const [owed] = await desk.owed();
    await desk.say('reject');
    await bench.run(() => bench.activities.sendNotice(owed!.noticeId));
    await desk.end();
    expect(desk.mails()).toEqual([]);
  });

  test('are sent again under the same id where nobody knows that they were', async () => {
    const { desk } = await foundDay();
    await desk.ask();
    const [owed] = await desk.owed();
    const { deps } = bench;
    const { createSendNotice } = await import('../../activities/review/notices.ts');
    const lost = createSendNotice({ ...deps, secrets: { ...deps.secrets, auditKey: undefined as never } });
    await expect(bench.run(() => lost(owed!.noticeId))).rejects.toThrow();
    await desk.sendAll();
    const [first, second] = desk.mails();
    expect([desk.mails().length, second!.messageId]).toEqual([2, first!.messageId]);
  });

  test('ask another person to agree, and say what was proposed by whom', async () => {
    const { desk } = await foundDay({ exceptions: { makerChecker: { amountAbove: '0' } } });
    await desk.ask();
    await desk.say('approve', { actor: 'ada', reason: 'a test order' });
    await desk.sendAll();
    expect(desk.mails().map((mail) => [addressOf(mail), mail.subject?.split(':')[0]])).toEqual([
      ['ben@agency.example', 'Second person needed'],
    ]);
    expect(desk.mails()[0]!.text?.replace(/\s+/g, ' ')).toContain(
      'ada accepted the difference: a test order. It takes effect when another person agrees: decide the same.',
    );
  });
});

describe('while the system tries by itself', () => {
  const twice = { rerun: { attempts: 2, delay: '10m' } };
  const heal = async (clientId: string) => {
    await shop.totals([`${DATE},10.00,`]);
    await bench.close({ clientId, businessDate: DATE });
  };

  test('its owner is told once that there is nothing to do, and how it ended, each time that it begins', async () => {
    const { desk, clientId } = await foundDay({ exceptions: twice });
    for (let time = 0; time < 2; time += 1) {
      await desk.tellHealing();
      await desk.tellHealing();
      await heal(clientId);
      await desk.end();
      await shop.totals([`${DATE},11.00,`]);
      await bench.close({ clientId, businessDate: DATE });
    }
    const mails = mailsTo(desk.mails(), 'ada');
    expect(subjects(mails)).toEqual(['Trying again', 'Resolved', 'Trying again', 'Resolved']);
    expect(mails.slice(1).map(({ inReplyTo }) => inReplyTo)).toEqual(Array(3).fill(mails[0]!.messageId));
    const [text, html] = [mails[0]!.text!.replace(/\s+/g, ' '), String(mails[0]!.html)];
    const last = new Date((await desk.row()).healing_since.getTime()).getUTCFullYear();
    for (const shown of [text, html]) {
      expect(shown).toContain('reads the sources again and closes the day anew by itself: up to 2 times, the last at');
      expect(shown).toContain('There is nothing for you to do yet.');
      expect(shown).toContain(String(last));
      expect(shown).not.toContain('exceptions approve');
    }
    expect(desk.mails()).toHaveLength(4);
    expect((await desk.actions()).filter((one) => one === 'exception.healing_told')).toHaveLength(2);
  });

  test('the question follows in the same thread where that has not helped', async () => {
    const { desk } = await foundDay({ exceptions: twice });
    await desk.tellHealing();
    await desk.ask();
    await desk.sendAll();
    const [first, second] = desk.mails();
    expect(subjects(desk.mails())).toEqual(['Trying again', 'Decision needed']);
    expect(second!.inReplyTo).toBe(first!.messageId);
  });

  test('a mail that waited for the end of quiet hours is not sent once it is a question, or over', async () => {
    const waits = { exceptions: { ...twice, ...quietNow() } };
    const [asked, healed] = [await foundDay(waits), await foundDay(waits)];
    for (const { desk } of [asked, healed])
      await bench.run(async () => bench.activities.tellHealing((await desk.row()).exception_id));
    expect((await asked.desk.owed())[0]!.dueMs).toBeGreaterThan(Date.now());
    await heal(healed.clientId);
    await asked.desk.ask();
    await asked.desk.sendAll();
    await healed.desk.end();
    expect(subjects(asked.desk.mails())).toEqual(['Decision needed']);
    expect(healed.desk.mails()).toEqual([]);
  });

  test('nobody is told where the model tells people only after, or tries nothing', async () => {
    const after = await foundDay({ exceptions: { rerun: { ...twice.rerun, tell: 'after' } } });
    const never = await foundDay();
    for (const { desk } of [after, never]) await desk.tellHealing();
    expect(bench.mailbox.mails).toEqual([]);
  });

  test('whoever stands in for an owner on leave is told', async () => {
    const { desk } = await foundDay({ exceptions: twice, people: { ada: { leave: ['2020-01-01/2099-12-31'] } } });
    await desk.tellHealing();
    expect(desk.mails().map(addressOf)).toEqual(['ben@agency.example']);
  });

  test('findings of several clients within the window are told as one mail', async () => {
    const exceptions = { ...twice, digestWithin: '5m' };
    const people = { ada: { email: 'healing@agency.example' } };
    const desks = [(await foundDay({ exceptions, people })).desk, (await foundDay({ exceptions, people })).desk];
    for (const desk of desks)
      await bench.run(async () => bench.activities.tellHealing((await desk.row()).exception_id));
    for (const desk of desks) await desk.sendAll();
    expect(bench.mailbox.mails.map(({ subject }) => subject)).toEqual([
      '2 findings, tried again by the system: Small shop',
    ]);
    for (const desk of desks) expect(bench.mailbox.mails[0]!.text).toContain((await desk.row()).exception_id);
  });
});

describe('quiet hours', () => {
  const MINUTE_MS = 60_000;
  const wait = async (desk: Desk) => ((await desk.owed())[0]!.dueMs - Date.now()) / MINUTE_MS;

  test('of a person are waited for', async () => {
    const { desk } = await foundDay({ people: { ada: quietNow() } });
    await desk.ask();
    expect(await wait(desk)).toBeGreaterThan(50);
  });

  test('of the policy hold for who has none, and not for what the model calls urgent', async () => {
    const { desk } = await foundDay({ exceptions: quietNow() });
    await desk.ask();
    expect(await wait(desk)).toBeGreaterThan(50);
    const incidents = [
      { when: 'exception.difference < -100.0', severity: 'critical', urgent: true },
      { when: 'exception.overdue', severity: 'major', urgent: true },
    ];
    const urgent = await foundDay({ exceptions: { ...quietNow(), incidents } });
    await urgent.desk.ask();
    expect(await wait(urgent.desk)).toBeGreaterThan(50);
    await urgent.desk.climb();
    const overdue = (await urgent.desk.owed()).find(({ noticeId }) => noticeId.includes('/overdue/'));
    expect(overdue!.dueMs).toBeLessThanOrEqual(Date.now());
  });
});

describe('questions to one person', () => {
  test('of several clients that are asked within the window go out as one mail, and end each in its own', async () => {
    const exceptions = { digestWithin: '5m' };
    const desks = [];
    for (let client = 0; client < 3; client += 1) desks.push((await foundDay({ exceptions })).desk);
    for (const desk of desks) await desk.ask();
    for (const desk of desks) await desk.sendAll();
    expect(bench.mailbox.mails).toHaveLength(1);
    const [digest] = bench.mailbox.mails;
    expect(digest!.subject).toMatch(/^3 decisions needed: Small shop/);
    for (const desk of desks) {
      expect(await desk.owed()).toEqual([]);
      expect(digest!.text).toContain((await desk.row()).exception_id);
      expect(digest!.html).toContain((await desk.row()).exception_id);
      expect(await desk.actions()).toEqual(['exception.owner_told']);
    }
    await desks[1]!.say('reject');
    await desks[1]!.end();
    const ended = bench.mailbox.mails[1]!;
    expect([bench.mailbox.mails.length, ended.inReplyTo]).toEqual([2, digest!.messageId]);
  });

  test('are mails of their own where the model names no window', async () => {
    const [first, second] = [await foundDay(), await foundDay()];
    for (const { desk } of [first, second]) await desk.ask();
    for (const { desk } of [first, second]) await desk.sendAll();
    expect(subjects(bench.mailbox.mails)).toEqual(['Decision needed', 'Decision needed']);
  });

  test('that waited for the end of quiet hours are one mail in the morning', async () => {
    const people = { ada: { ...quietNow(), email: 'early@agency.example' } };
    const desks = [(await foundDay({ people })).desk, (await foundDay({ people })).desk];
    for (const desk of desks) await desk.ask();
    for (const desk of desks) await desk.sendAll();
    expect(subjects(bench.mailbox.mails)).toEqual(['2 decisions needed']);
  });
});
