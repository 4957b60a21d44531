import { outcomeOf } from '../../../domain/incident/outcome.ts';

test('the outcome of an incident is what weighs most among its exceptions', () => {
  const resolved = (resolution: string) => ({ state: 'resolved' as const, resolution });
  const mended = resolved('no longer found');
  const rejected = { state: 'rejected' as const, resolution: 'rejected' };
  expect(outcomeOf([mended, resolved('delivered')])).toBe('mended');
  expect(outcomeOf([mended, resolved('accepted')])).toBe('accepted');
  expect(outcomeOf([resolved('accepted'), resolved('kept')])).toBe('kept');
  expect(outcomeOf([mended, rejected])).toBe('rejected');
  expect(outcomeOf([rejected, { state: 'overdue', resolution: null }])).toBe('unsettled');
});
