import { sql } from 'kysely';
import type { CloseBench } from '../support/close-day.ts';
import { DATE, type Desk, deskDocument, openDesk } from '../support/exception-desk.ts';
import { onShopBench } from '../support/shop-bench.ts';
import type { SmallShop } from '../support/small-shop.ts';

const HOUR_MS = 3_600_000;
let bench: CloseBench;
let shop: SmallShop;
let clientId = '';
let desk: Desk;
onShopBench((own) => {
  ({ bench, shop, clientId } = own);
});
beforeEach(() => {
  desk = openDesk(bench, clientId);
});

type Wish = Omit<Parameters<typeof deskDocument>[1], 'clientId'>;

/** A day that does not reconcile, and its owner asked. */
async function asked(wish: Wish = {}): Promise<void> {
  await bench.apply(deskDocument(shop, { clientId, ...wish }));
  await shop.totals([`${DATE},11.00,`]);
  await shop.orders(DATE, [{ id: '1', at: `${DATE}T16:00:00Z`, amount: '10.00' }]);
  await bench.close({ clientId, businessDate: DATE });
  await desk.ask();
}
const closeAgain = (beginsAt: 'capture' | 'reconcile' = 'reconcile') =>
  bench.close({ clientId, businessDate: DATE, beginsAt });
const today = () => new Date().toISOString().slice(0, 10);
const inHours = (instant: Date | null) => Math.round((Number(instant) - Date.now()) / HOUR_MS);

describe('the chain', () => {
  test('reminds, calls the deputy, and calls whom it escalates to: one mail each, and the trail tells', async () => {
    await asked({ exceptions: { reminder: '1h', deputyAfter: '2h' } });
    expect(await desk.row()).toMatchObject({ state: 'awaiting_decision', responsible: 'ada' });
    expect([await desk.climb(), await desk.climb()]).toEqual(['reminder', 'deputy']);
    expect(await desk.row()).toMatchObject({ responsible: 'ben', remind_at: null, deputy_at: null });
    expect(await desk.climb()).toBe('overdue');
    expect(await desk.row()).toMatchObject({ state: 'overdue' });
    expect(await desk.climb()).toBeUndefined();
    expect(await desk.actions()).toEqual(['exception.deputy_called', 'exception.overdue']);
  });

  test('asks the deputy where the owner is on leave, and whom it escalates to where both are', async () => {
    const leave = { leave: [today()] };
    await asked({ people: { ada: leave } });
    expect(await desk.row()).toMatchObject({ owner: 'ada', responsible: 'ben' });
    await bench.apply(
      deskDocument(shop, { clientId, effectiveFrom: '2026-01-01', people: { ada: leave, ben: leave } }),
    );
    await desk.say('reassign', { args: { to: 'dan' } });
    expect(await desk.row()).toMatchObject({ responsible: 'dan' });
  });

  test('asks the people of last resort where the owner, the deputy and whom it escalates to are away', async () => {
    const leave = { leave: [today()] };
    await asked({ people: { ada: leave, ben: leave, cleo: leave } });
    expect(await desk.row()).toMatchObject({ owner: 'ada', responsible: 'dan' });
  });

  test('hands over when a leave begins while the question waits, within the same deadline', async () => {
    const soon = new Date(Date.now() + 24 * HOUR_MS).toISOString().slice(0, 10);
    await asked({ people: { ada: { leave: [soon] } }, exceptions: { decideWithin: '3 days' } });
    const { deadline, hand_over_at } = await desk.row();
    expect(hand_over_at?.toISOString()).toBe(`${soon}T00:00:00.000Z`);
    expect(await desk.climb()).toBe('hand_over');
    expect(await desk.row()).toMatchObject({ responsible: 'ben', deadline, hand_over_at: null });
    await desk.sendAll();
    expect(desk.mails().map(({ text }) => text?.includes('Ada is away now; it is with you.'))).toEqual([true]);
  });

  test('takes no step twice, and none that a claim has moved', async () => {
    await asked({ exceptions: { reminder: '1h' } });
    const { exception_id: exceptionId, remind_at } = await desk.row();
    await desk.say('claim', { actor: 'ben' });
    await bench.run(() => bench.activities.climb({ exceptionId, step: 'reminder', atMs: remind_at!.getTime() }));
    expect((await desk.row()).remind_at).not.toBeNull();
  });
});

describe('a claim', () => {
  test('moves what is to come by its own length, and changes no version', async () => {
    await asked({ exceptions: { reminder: '1h', acknowledgeFor: '10h' } });
    const { version } = await desk.row();
    expect(await desk.say('claim', { actor: 'ben' })).toMatchObject({ accepted: true, state: 'awaiting_decision' });
    const row = await desk.row();
    expect(row).toMatchObject({ version, claimed_by: 'ben', responsible: 'ada' });
    expect([row.claimed_until, row.remind_at, row.deadline].map(inHours)).toEqual([10, 11, 14]);
  });

  test('is one at a time; whoever has it may go on with it', async () => {
    await asked({ exceptions: { acknowledgeFor: '10h' } });
    await desk.say('claim', { actor: 'ben' });
    const other = await desk.say('claim', { actor: 'dan' });
    expect(other).toMatchObject({ accepted: false, message: expect.stringContaining('ben has claimed it until') });
    expect(await desk.say('claim', { actor: 'ben' })).toMatchObject({ accepted: true });
    expect(inHours((await desk.row()).deadline)).toBe(14);
  });

  test('holds no longer than whoever claims is there', async () => {
    const soon = new Date(Date.now() + 24 * HOUR_MS).toISOString().slice(0, 10);
    await asked({ people: { ben: { leave: [soon] } }, exceptions: { acknowledgeFor: '3 days' } });
    await desk.say('claim', { actor: 'ben' });
    expect((await desk.row()).claimed_until?.toISOString()).toBe(`${soon}T00:00:00.000Z`);
  });

  test('of somebody who is away stops no clock; a decision of theirs holds', async () => {
    await asked({ people: { dan: { leave: [today()] } }, exceptions: { acknowledgeFor: '10h' } });
    const { deadline } = await desk.row();
    expect(await desk.say('claim', { actor: 'dan' })).toMatchObject({
      accepted: false,
      message: 'dan is away now, so the clock is not stopped. Decide, or give it to somebody who is there.',
    });
    expect(await desk.row()).toMatchObject({ claimed_by: null, deadline });
    expect(await desk.say('rerun', { actor: 'dan' })).toMatchObject({ accepted: true });
  });

  test('stops the clock also of a question that was asked before there was a chain', async () => {
    await asked({ exceptions: { acknowledgeFor: '10h' } });
    await sql`
      update exception set responsible = null, asked_at = null where client_id = ${clientId}`.execute(bench.db);
    await desk.say('claim', { actor: 'ben' });
    expect(inHours((await desk.row()).deadline)).toBe(14);
    expect(await desk.climb()).toBe('overdue');
  });

  test('ends with a decision of anybody', async () => {
    await asked();
    await desk.say('claim', { actor: 'ben' });
    expect(await desk.say('rerun')).toMatchObject({ accepted: true, state: 'deciding' });
    expect(await desk.row()).toMatchObject({ claimed_by: null, claimed_until: null });
  });
});

describe('whoever it is given to', () => {
  test('is its owner, with a deadline of their own, also after the old one has passed', async () => {
    await asked();
    await desk.climb();
    expect(await desk.say('reassign', { args: { to: 'dan' } })).toMatchObject({ accepted: true, version: 2 });
    expect(await desk.row()).toMatchObject({
      state: 'awaiting_decision',
      reassigned_to: 'dan',
      responsible: 'dan',
    });
    expect(inHours((await desk.row()).deadline)).toBe(4);
    await closeAgain('capture');
    expect(await desk.row()).toMatchObject({ reassigned_to: 'dan', responsible: 'dan' });
  });

  test('has it already where it is theirs: no new deadline, no mail', async () => {
    await asked();
    await desk.sendAll();
    const { version, deadline } = await desk.row();
    expect(await desk.say('reassign', { actor: 'ben', args: { to: 'ada' } })).toMatchObject({
      accepted: false,
      message: 'ada has it already; nothing is changed.',
    });
    expect(await desk.row()).toMatchObject({ version, deadline, reassigned_to: null });
    expect(await desk.owed()).toEqual([]);
  });

  test('may be its owner again, where the deputy has been called meanwhile', async () => {
    await asked({ exceptions: { deputyAfter: '2h' } });
    expect(await desk.climb()).toBe('deputy');
    expect(await desk.say('reassign', { args: { to: 'ada' } })).toMatchObject({ accepted: true });
    expect(await desk.row()).toMatchObject({ responsible: 'ada' });
  });

  test('must be a person of the model who is there', async () => {
    await asked({ people: { dan: { leave: [today()] } } });
    expect(await desk.say('reassign', { args: { to: 'nobody' } })).toMatchObject({
      accepted: false,
      message: 'nobody is not among the people of the model: ada, ben, cleo, dan.',
    });
    expect(await desk.say('reassign', { args: { to: 'dan' } })).toMatchObject({
      accepted: false,
      message: 'dan is away now. Give it to somebody who is there.',
    });
    expect(await desk.row()).toMatchObject({ version: 1, reassigned_to: null });
  });
});

describe('a decision', () => {
  test('of somebody who has left is refused, whatever it is, and stands in the trail; a comment is kept', async () => {
    await asked({ people: { dan: { until: '2026-01-01' } } });
    for (const verb of ['approve', 'reject', 'rerun', 'claim'] as const)
      expect(await desk.say(verb, { actor: 'dan' })).toMatchObject({
        accepted: false,
        needsAnother: true,
        message: 'dan left on 2026-01-01 and decides nothing any more. Whoever is there must decide.',
      });
    expect(await desk.say('comment', { actor: 'dan' })).toMatchObject({ accepted: true });
    expect(await desk.row()).toMatchObject({ state: 'awaiting_decision', version: 1 });
    expect(await desk.actions()).toEqual([...Array(4).fill('exception.decision_refused'), 'exception.comment']);
  });

  test('on what another has decided is refused with who and what', async () => {
    await asked();
    const { version } = await desk.row();
    await desk.say('approve', { actor: 'ann', reason: 'the gateway was down' });
    const late = await desk.say('reject', { actor: 'ben', expectedVersion: version });
    expect(late).toMatchObject({
      accepted: false,
      state: 'deciding',
      message:
        'A decision is being carried out; wait for its attempt to end. ann accepted the difference: the gateway was down.',
    });
    const comment = await desk.say('comment', { reason: 'looking', expectedVersion: version });
    expect(comment).toMatchObject({ accepted: true, state: 'deciding', version: version + 1 });
  });

  test('of two at the same instant is one: the other is told who won', async () => {
    await asked();
    const both = await Promise.all([desk.say('approve', { actor: 'ann' }), desk.say('rerun', { actor: 'ben' })]);
    const [won, lost] = both[0].accepted ? both : [both[1], both[0]];
    expect([won?.accepted, lost?.accepted]).toEqual([true, false]);
    expect(lost?.message).toMatch(/ann accepted the difference|ben ran the day anew/);
    const { rows } = await sql`select from decision where client_id = ${clientId}`.execute(bench.db);
    expect(rows).toHaveLength(1);
  });
});

describe('where two people must agree', () => {
  const exceptions = { makerChecker: { amountAbove: '0.50' } };

  test('the first proposes, another person agrees, and what was withheld is published', async () => {
    await asked({ exceptions });
    expect(await desk.say('approve', { actor: 'ada' })).toMatchObject({ accepted: true, state: 'awaiting_second' });
    expect(await desk.row()).toMatchObject({ state: 'awaiting_second', version: 2, responsible: 'ben' });
    expect(await desk.say('approve', { actor: 'ada' })).toMatchObject({
      accepted: false,
      needsAnother: true,
      message: 'ada has proposed this; another person must agree.',
    });
    expect(await desk.say('approve', { actor: 'ada', onBehalfOf: 'ben' })).toMatchObject({ accepted: false });
    expect(await desk.say('approve', { actor: '', via: 'signal' })).toMatchObject({ accepted: false });
    expect(await desk.say('approve', { actor: 'ben' })).toMatchObject({ accepted: true, state: 'deciding' });
    expect(await closeAgain()).toMatchObject({ status: 'published' });
    expect(await desk.actions()).toEqual([
      'exception.propose',
      'exception.decision_refused',
      'exception.decision_refused',
      'exception.signal_refused',
      'exception.approve',
    ]);
  });

  test('whoever applied the transform cannot accept the difference', async () => {
    await asked({ exceptions });
    const mine = await desk.say('approve', { actor: 'tester' });
    expect(mine).toMatchObject({ accepted: false, needsAnother: true });
    expect(mine.message).toContain('tester applied the transform of shop');
    expect(await desk.say('reject', { actor: 'tester' })).toMatchObject({ accepted: true });
  });

  test('whoever proposed moves no deadline of the second person, by a claim or by giving it to who has it', async () => {
    await asked({ exceptions });
    await desk.say('approve', { actor: 'ada' });
    const { deadline, version } = await desk.row();
    expect(await desk.say('claim', { actor: 'ada' })).toMatchObject({
      accepted: false,
      message: 'ada has proposed this, so the clock is not stopped: another person must agree.',
    });
    expect(await desk.say('reassign', { actor: 'ada', args: { to: 'ada' } })).toMatchObject({ accepted: false });
    expect(await desk.row()).toMatchObject({ claimed_by: null, responsible: 'ben', deadline, version });
    expect(await desk.say('claim', { actor: 'ben' })).toMatchObject({ accepted: true });
  });

  test('a proposal about another difference is void: the owner is asked anew', async () => {
    await asked({ exceptions });
    await desk.say('approve', { actor: 'dan' });
    await shop.totals([`${DATE},12.00,`]);
    await closeAgain('capture');
    expect(await desk.row()).toMatchObject({ state: 'awaiting_decision', version: 3, deadline: null });
    expect(await desk.say('approve', { actor: 'ben' })).toMatchObject({ accepted: true, state: 'awaiting_second' });
  });

  test('a proposal outlives its deadline: it is overdue, and another person may still agree', async () => {
    await asked({ exceptions });
    await desk.say('approve', { actor: 'ada' });
    expect(await desk.climb()).toBe('overdue');
    expect(await desk.say('approve', { actor: 'cleo' })).toMatchObject({ accepted: true, state: 'deciding' });
  });

  test('a metric of a published day needs a second person from its second number on', async () => {
    const publishedDay = { makerChecker: { publishedDay: true } };
    await asked({ exceptions: publishedDay });
    expect(await desk.say('approve')).toMatchObject({ state: 'deciding' });
    await closeAgain();
    await shop.orders(DATE, [{ id: '1', at: `${DATE}T16:00:00Z`, amount: '9.00' }]);
    await closeAgain('capture');
    await desk.ask();
    expect(await desk.say('approve')).toMatchObject({ state: 'awaiting_second' });
  });
});
