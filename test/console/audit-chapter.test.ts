import { expect, test } from '@jest/globals';
import { toChapter } from '../../console/api/routes/audit.ts';

const NIGHT = '2026-03-02';
const event = {
  at: '2026-03-03T04:00:00.000Z',
  actor: 'meshline',
  action: 'correction.sent',
  subject: 'mail',
  businessDate: NIGHT,
  clientId: 'shop',
  detail: { recipients: ['ann@shop.example'] },
} as Parameters<typeof toChapter>[0];

test('what is told beside any attempt has no attempt number, nor has what a night told of another day', () => {
  expect(toChapter({ ...event, attempt: 0 }, NIGHT).attempt).toBeNull();
  expect(toChapter({ ...event, attempt: 2 }, '2026-03-01').attempt).toBeNull();
  expect(toChapter({ ...event, attempt: 2 }, NIGHT).attempt).toBe(2);
});
