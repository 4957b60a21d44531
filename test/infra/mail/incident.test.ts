import { renderIncident } from '../../../infra/mail/incident/render.ts';
import type { IncidentView } from '../../../infra/mail/incident/view.ts';

const view = (own: Partial<IncidentView> = {}): IncidentView => ({
  incidentId: 'b7d20c4e91f3',
  news: 'opened',
  severity: 'major',
  title: 'gross sales differs by -95.85 GBP',
  client: { id: 'corner-shop', name: 'Corner Shop' },
  businessDate: '2026-03-31',
  owner: 'Ben Ray',
  openedAt: '2026-04-01T10:00:01.000Z',
  alert: 1,
  exceptions: [
    {
      id: 'e1',
      client: 'corner-shop',
      businessDate: '2026-03-31',
      message: 'gross sales differs <b>much</b>',
      difference: '-95.85 GBP',
      withheld: ['gross_sales', 'net_sales'],
    },
  ],
  timeline: [{ at: '2026-04-01T10:00:01.000Z', actor: 'meshline', event: 'Opened with severity major.' }],
  summary: null,
  recipient: { name: 'Ada Lind', timezone: 'America/New_York' },
  ...own,
});
const plain = (text: string) => text.replace(/\s+/g, ' ');

describe('the mail of an incident', () => {
  test('says what it is, who has it, what is withheld, and how to acknowledge it, in the reader’s own zone', () => {
    const { subject, text, html } = renderIncident(view());
    expect(subject).toBe('Incident (major): Corner Shop, Tue 31 Mar 2026');
    expect(plain(text)).toContain(
      'It opened on Wednesday, 1 April 2026, 06:00 (America/New_York) and is with Ben Ray, who is asked to acknowledge it.',
    );
    expect(plain(text)).toContain('Difference -95.85 GBP. Withheld: gross_sales, net_sales.');
    expect(text.split('\n')).toContain('  npx meshline incidents ack b7d20c4e91f3');
    expect(html).not.toContain('<b>much');
    expect(html).toContain('&lt;b&gt;much');
  });

  test('of a further alert names its number', () => {
    const { subject, text } = renderIncident(view({ news: 'alert', alert: 3 }));
    expect(subject).toMatch(/^Incident not acknowledged \(major\)/);
    expect(plain(text)).toContain('nobody has acknowledged it. This is alert 3 to Ben Ray and the deputy.');
  });

  test('of an acknowledged one says who sees it through, and how to take it over', () => {
    const { text } = renderIncident(view({ news: 'acknowledged' }));
    expect(plain(text)).toContain('Ben Ray has acknowledged it and sees it through.');
    expect(text).toContain('Take it over');
  });

  test('of one that spans clients names each client where it was found', () => {
    const other = { ...view().exceptions[0]!, client: 'book-barn' };
    const spanning = view({ client: null, businessDate: null, exceptions: [view().exceptions[0]!, other] });
    const { subject, text } = renderIncident(spanning);
    expect(subject).toBe('Incident (major): 2 clients');
    expect(plain(text)).toContain('book-barn, Tue 31 Mar: gross sales');
  });

  test('of one that is over sums it up: cause, numbers, who was told, what was done', () => {
    const line = { at: '2026-04-01T11:00:00.000Z', actor: 'ada', event: 'rerun: the page is there' };
    const impact = {
      clients: 1,
      days: 1,
      exceptions: 1,
      metricsWithheld: ['gross_sales'],
      differences: [{ client: 'corner-shop', businessDate: '2026-03-31', amount: '-95.85', currency: 'GBP' }],
    };
    const summary = {
      cause: 'the till lost a page',
      minutesToAcknowledge: 12,
      minutesToResolve: 200,
      impact,
      told: ['ben@agency.example', 'ops-chat (webhook)'],
      actions: [line],
      timeline: view().timeline,
    };
    const { subject, text } = renderIncident(view({ news: 'resolved', summary }));
    expect(subject).toMatch(/^Incident resolved/);
    expect(text).toMatch(/^Open for +3 hours$/m);
    expect(text).toMatch(/^Difference, corner-shop Tue 31 Mar +-95\.85 GBP$/m);
    const running = plain(text);
    expect(running).toContain('It is over. Cause: the till lost a page.');
    expect(running).toContain('Told of it: ben@agency.example, ops-chat (webhook).');
    expect(running).toContain('ada: rerun: the page is there');
    expect(running).not.toContain('incidents ack');
    const unseen = { ...summary, minutesToAcknowledge: null };
    expect(renderIncident(view({ news: 'resolved', summary: unseen })).text).toMatch(/^Acknowledged +by nobody$/m);
  });
});
