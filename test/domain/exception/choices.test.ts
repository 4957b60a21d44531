import { choicesOf, MATTERS, matterOf, monthNote } from '../../../domain/exception/choices.ts';

test('the same kind is about something else in a locked month, but for a hand-off', () => {
  expect(matterOf('control_difference', 'open')).toBe('finding');
  expect(matterOf('source', 'soft_closed')).toBe('source');
  expect(matterOf('revision', 'soft_closed')).toBe('revision');
  expect(matterOf('control_difference', 'locked')).toBe('locked');
  expect(matterOf('revision', 'reopening')).toBe('locked');
  expect(matterOf('handoff', 'locked')).toBe('handoff');
});

test('every matter offers the same verbs; only a finding or a source qualifies a day', () => {
  for (const matter of MATTERS) {
    const choices = choicesOf(matter);
    expect(choices.map((one) => one.verb)).toEqual(['approve', 'rerun', 'claim', 'reject']);
    expect(choices[0]!.effect.includes('qualified')).toBe(['finding', 'source'].includes(matter));
  }
});

test('a closed month is told, where it makes a difference', () => {
  expect(monthNote('revision', '2026-03', 'soft_closed')).toMatch(/^2026-03 is soft-closed/);
  expect(monthNote('locked', '2026-03', 'reopening')).toMatch(/^2026-03 is locked/);
  expect(monthNote('handoff', '2026-03', 'locked')).toBeNull();
  expect(monthNote('finding', '2026-03', 'open')).toBeNull();
});
