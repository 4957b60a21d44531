import { assertStorable } from '../../console/api/storable.ts';

const request = (body: unknown) => ({ body, params: {}, query: {} });

describe('text of a request', () => {
  test.each([
    ['a zero character', { reason: 'a\u0000b' }],
    ['half of a character', { person: '\ud800' }],
    ['one deep inside', { files: { '/x': ['ok', { y: '\u0000' }] } }],
    ['one in a key', { '\u0000': 1 }],
  ])('is refused with %s', (_what, body) => {
    expect(() => assertStorable(request(body))).toThrow('zero character or half of a character');
  });

  test('is taken as it is otherwise, whatever script it is in', () => {
    expect(() => assertStorable(request({ reason: 'Größe 42 — 東京 🧦', deep: [null, 1, true] }))).not.toThrow();
  });
});
