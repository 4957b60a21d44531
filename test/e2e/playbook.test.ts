import { TestInstallation } from '../support/installation.ts';
import {
  type JournalShop,
  journalOf,
  journalSource,
  journalText,
  netOf,
  openJournalShop,
} from '../support/journal-shop.ts';
import { fileControl } from '../support/small-shop.ts';

const MINUTES = 60_000;
const CLIENT = 'playbook-shop';
const DATE = '2026-03-10';
const DAY = ['--client', CLIENT, '--date', DATE];

type Mail = { subject: string; to: string[]; text?: string };
type Exception = { id: string; state: string; suggestedFixes: { id: string; kind: string }[] };
type Incident = { id: string; state: string; severity: string; exceptions: string[]; timeline: { event: string }[] };

/**
 * Terms of a very short night: the system tries once, the owner has seconds, and a missed deadline is a major incident.
 */
const TERMS = {
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1m', maximumAttempts: 3 },
  rerun: { attempts: 1, delay: '1s' },
  decideWithin: '6s',
  escalateTo: 'ben',
  incidents: [{ when: 'exception.overdue', severity: 'major' }],
};

describe('G21: nightly revenue that is 15 % under what the platform reports', () => {
  const installation = new TestInstallation();
  const whole = journalOf(DATE);
  let shop: JournalShop;
  const exceptions = async () =>
    (await installation.json<{ exceptions: Exception[] }>(['exceptions', 'list', '--client', CLIENT])).exceptions;
  const incidents = async () => (await installation.json<{ incidents: Incident[] }>(['incidents', 'list'])).incidents;
  const mails = async (to: string) => {
    const answer = await fetch(`${installation.endpoints.mailbox}/api/messages`);
    const { messages } = (await answer.json()) as { messages: Mail[] };
    return messages.filter((one) => JSON.stringify(one.to).includes(to)).map((one) => one.subject);
  };

  beforeAll(async () => {
    shop = await openJournalShop();
    await shop.journal(DATE, journalText(whole.slice(0, 34)));
    await shop.totals([`${DATE},${netOf(whole)},`]);
    const model = shop.model(CLIENT, {
      exceptions: TERMS,
      sources: [journalSource()],
      controls: [fileControl('net_sales')],
      routing: [{ on: 'incident.opened', to: ['ada'] }],
    });
    await shop.write('operating-model.yaml', model.files[model.base]!);
    await installation.start('--empty');
    await installation.json(['client', 'apply', model.base]);
  }, 20 * MINUTES);
  afterAll(async () => {
    await installation.dispose();
    await shop.remove();
  }, 2 * MINUTES);

  test(
    'is run anew by the system while its owner is told, then the owner is asked with fixes that were tried',
    async () => {
      const day = await installation.json<{ status: string; attempt: number }>(['close', 'run', ...DAY, '--wait'], [3]);
      expect(day).toMatchObject({ status: 'waiting', attempt: 2 });
      await installation.until(async () => (await mails('ada@')).length > 1, MINUTES);
      const subjects = (await mails('ada@')).map((one) => one.split(':')[0]).sort();
      expect(subjects).toEqual(['Decision needed', 'Trying again']);
    },
    2 * MINUTES,
  );

  test(
    'becomes an incident when its deadline passes, and the incident owner and the stakeholders are told',
    async () => {
      await installation.until(async () => (await incidents()).length > 0, MINUTES);
      const [incident] = await incidents();
      const [exception] = await exceptions();
      expect(incident).toMatchObject({ severity: 'major', state: 'open', exceptions: [exception!.id] });
      expect(exception!.state).toBe('overdue');
      await installation.until(async () => (await mails('ben@')).some((one) => /incident/i.test(one)), MINUTES);
      await installation.until(async () => (await mails('ada@')).some((one) => /incident/i.test(one)), MINUTES);
      await installation.json(['incidents', 'ack', incident!.id, '--reason', 'asking the shop for the rest']);
      expect((await incidents())[0]!.state).toBe('acknowledged');
    },
    2 * MINUTES,
  );

  test(
    'is published by the fix that is applied, and everyone who was told hears that it is over',
    async () => {
      await shop.journal(DATE, journalText(whole));
      const [{ id }] = (await exceptions()) as [Exception];
      const { suggestedFixes } = await installation.json<Exception>(['exceptions', 'show', id]);
      expect(suggestedFixes[0]!.kind).toBe('recapture');
      const apply = [
        'exceptions',
        'apply-fix',
        id,
        '--fix',
        suggestedFixes[0]!.id,
        '--reason',
        'the shop sent the rest',
      ];
      await installation.json(apply);
      const day = () =>
        installation.json<{ status: string; metrics: { metric: string; value: string }[] }>(['close', 'show', ...DAY]);
      await installation.until(async () => (await day()).status === 'published', MINUTES);
      expect((await day()).metrics).toContainEqual(
        expect.objectContaining({ metric: 'net_sales', value: netOf(whole) }),
      );
      await installation.until(async () => ['resolved', 'closed'].includes((await incidents())[0]!.state), MINUTES);
      for (const person of ['ada@', 'ben@'])
        await installation.until(async () => (await mails(person)).some((one) => /resolved|over/i.test(one)), MINUTES);
      expect(await installation.json(['audit', 'verify'])).toMatchObject({ ok: true, problems: [] });
    },
    3 * MINUTES,
  );
});
