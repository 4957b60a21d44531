import { type Matter, monthNote } from '../../../domain/exception/choices.ts';
import {
  renderDeadlinePassed,
  renderExceptionEnded,
  renderExceptionOpened,
} from '../../../infra/mail/report/render-exception.ts';
import { deadlinePassedView, openedView } from './views.ts';

const plain = (text: string) => text.replace(/\s+/g, ' ');

describe('the mail of an opened exception', () => {
  test('says ours, theirs, the difference and what explains it', () => {
    const { subject, text } = renderExceptionOpened(openedView());
    expect(subject.replaceAll('\u00A0', ' ')).toBe(
      'Decision needed: Online Retail, Wed 15 Dec 2010, invoiced total GBP (8,795.12)',
    );
    expect(text).toMatch(/^Ours +GBP 20,648\.57$/m);
    expect(text).toMatch(/^Theirs +GBP 29,443\.69$/m);
    expect(text).toMatch(/^Difference \(ours less theirs\) +GBP \(8,795\.12\)$/m);
    expect(text).toMatch(/^of which Records in quarantine \(12 records\) +GBP \(1,204\.55\)$/m);
    expect(text).toMatch(/^Unreconciled difference +GBP \(7,590\.57\)$/m);
  });

  test('gives the exact commands, bound to the version that it shows, each on one line', () => {
    const { text, html } = renderExceptionOpened(openedView());
    const lines = text.split('\n').map((line) => line.trim());
    for (const verb of ['approve', 'rerun', 'reject']) {
      expect(lines).toContain(`npx meshline exceptions ${verb} x7f3a91c2d --version 3 --reason "your reason"`);
    }
    expect(lines).toContain('npx meshline exceptions apply-fix x7f3a91c2d --fix f1 --version 3 --reason "your reason"');
    const shown = html.replace(/<[^>]+>/g, '').replaceAll('&quot;', '"');
    expect(shown).toContain('npx meshline exceptions approve x7f3a91c2d --version 3 --reason "your reason"');
  });

  test('an id never runs as anything else when a command is pasted', () => {
    const { text } = renderExceptionOpened(openedView({ exceptionId: "x; rm -rf ~'" }));
    expect(text).toContain("exceptions approve 'x; rm -rf ~'\\''' --version 3");
  });

  test('an id that begins with a dash is no option', () => {
    const { text } = renderExceptionOpened(openedView({ exceptionId: '-x' }));
    expect(text).toContain("exceptions approve '-x' --version 3");
  });

  test('prints the deadline and what was tried in the zone of the reader', () => {
    const running = plain(renderExceptionOpened(openedView()).text);
    expect(running).toContain(
      'Please decide by Thursday, 16 December 2010, 06:00 (America/New_York). After that it goes to Operations on call.',
    );
    expect(running).toContain('Wed 15 Dec 23:31: Captured the sources again. The same file, no new records');
  });

  test('an unknown zone prints in UTC and says so', () => {
    const { text } = renderExceptionOpened(openedView({ recipient: { name: 'A', timezone: 'Mars/Base' } }));
    expect(plain(text)).toContain('16 December 2010, 11:00 (UTC)');
  });

  test('a finding that compares nothing has no comparison', () => {
    const { subject, text, html } = renderExceptionOpened(openedView({ comparison: null, tried: [] }));
    expect(subject).toMatch(/invoiced total$/);
    expect(text).not.toContain('Theirs');
    expect(html).not.toContain('Theirs');
    expect(text).toContain('Nothing: this finding cannot heal by a retry.');
  });

  test('escapes what came from records', () => {
    const { html } = renderExceptionOpened(openedView({ finding: 'Record <script>alert(1)</script> failed' }));
    expect(html).not.toContain('<script');
    expect(html).toContain('&lt;script&gt;');
  });
});

describe('what a decision does, in the words of what it is about', () => {
  const decisions = (changes: Parameters<typeof openedView>[0]) =>
    plain(renderExceptionOpened(openedView(changes)).text);

  test('a hand-off qualifies and rejects no day, holds nothing back, and may be sent once more', () => {
    const text = decisions({ kind: 'handoff', matter: 'handoff' });
    expect(text).toContain('Accept that it is not delivered');
    expect(text).toContain('The day stays what its numbers say.');
    expect(text).toContain('npx meshline deliveries list --client online-retail --date 2010-12-15');
    expect(text).not.toMatch(/qualified|Reject the day|Withheld/);
  });

  test('a revision is published as the next version, and stands as it was until then', () => {
    const text = decisions({ kind: 'revision', matter: 'revision' });
    expect(text).toContain('with the certificate that its controls give it');
    expect(text).toContain('As they were published until then: Invoiced total, Net sales.');
    expect(text).not.toMatch(/qualified|Reject the day|Withheld/);
  });

  test('a finding in a locked month is about what is posted, and the mail says that the month is locked', () => {
    const text = decisions({ matter: 'locked', monthNote: monthNote('locked', '2010-12', 'locked') });
    expect(text).toContain('2010-12 is locked');
    expect(text).toContain('prior-period adjustment');
    expect(text).not.toMatch(/qualified|Withheld/);
  });
});

describe('the mail of an exception that ended', () => {
  const ended = (matter: Matter, state: 'resolved' | 'rejected') =>
    plain(renderExceptionEnded({ ...openedView({ matter }), state, outcome: 'ada said so.' }).text);

  test.each([
    ['finding', 'resolved', 'What was withheld for it goes out with the day.'],
    ['finding', 'rejected', 'Nothing of the day goes out until someone runs it anew.'],
    ['handoff', 'rejected', 'It is owed no more. The day stays what its numbers say.'],
    ['revision', 'resolved', 'No number of the day waits for it any more.'],
    ['locked', 'resolved', 'posted to an open month; the numbers stand.'],
  ] as const)('says of a %s that is %s what comes of it', (matter, state, words) => {
    expect(ended(matter, state)).toContain(words);
  });
});

describe('the mail of a passed deadline', () => {
  test('says who had it, since when, who has it now, and the incident', () => {
    const { subject, text } = renderDeadlinePassed(deadlinePassedView());
    expect(subject).toMatch(/^Deadline passed: Online Retail/);
    const running = plain(text);
    expect(running).toContain(
      'The deadline passed on Thursday, 16 December 2010, 11:00 (Europe/London) without a decision by Revenue lead.',
    );
    expect(running).toContain('It is now with Operations on call.');
    expect(running).toContain('Incident inc-204 is open, severity major.');
    expect(text).toContain('  npx meshline incidents ack inc-204');
  });

  test('offers the decisions, and no incident where none is open', () => {
    const { text } = renderDeadlinePassed(deadlinePassedView({ incident: null }));
    expect(text).toContain('npx meshline exceptions approve x7f3a91c2d --version 3');
    expect(text).not.toContain('incidents ack');
  });
});
