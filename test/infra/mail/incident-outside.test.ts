import type { OutsideView } from '../../../infra/mail/incident/outside-view.ts';
import { renderOutside } from '../../../infra/mail/incident/render-outside.ts';

const view = (own: Partial<OutsideView> = {}): OutsideView => ({
  incidentId: 'b7d20c4e91f3',
  news: 'opened',
  client: 'Corner <Shop>',
  businessDate: '2026-03-31',
  openedAt: '2026-04-01T10:00:01.000Z',
  withheld: ['Gross sales', 'Net sales'],
  outcome: 'unsettled',
  recipient: { name: 'owner@shop.example', timezone: 'America/New_York' },
  ...own,
});
const plain = (text: string) => text.replace(/\s+/g, ' ');

describe('a mail about an incident to a reader outside the team', () => {
  test('says which numbers of their day are withheld and that it is being worked on, in their own zone', () => {
    const { subject, text, html } = renderOutside(view());
    expect(subject).toBe('Corner <Shop>, Tue 31 Mar 2026: numbers are being checked');
    expect(plain(text)).toContain('Since Wednesday, 1 April 2026, 06:00 (America/New_York) we are checking');
    expect(plain(text)).toMatch(/It is being worked on.*WHAT IS WITHHELD UNTIL THEN.*Gross sales.*Net sales/i);
    expect(text).not.toContain('npx');
    expect(html).not.toContain('<Shop>');
  });

  test('of one that is over says with what outcome', () => {
    const said = (outcome: OutsideView['outcome']) => plain(renderOutside(view({ news: 'resolved', outcome })).text);
    expect(said('mended')).toContain('What was wrong has been set right.');
    expect(said('accepted')).toContain('accepted as they are');
    expect(said('kept')).toContain('stay as they were published');
    expect(said('rejected')).toContain('are not published');
    expect(said('unsettled')).toContain('still being checked');
  });

  test('says so where no number is withheld', () => {
    expect(renderOutside(view({ withheld: [] })).text).toContain('No number of the day is withheld for it.');
  });
});
