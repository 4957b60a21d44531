import { keyHasher } from '../../../infra/rowwork/key-hash.ts';
import { RepeatedKeys } from '../../../infra/rowwork/repeated-keys.ts';

const hashOf = keyHasher('client/shop');

describe('the keys of a file that may be repeated', () => {
  test('every repeated key is among them, and next to no other', () => {
    const keys = new RepeatedKeys(300_000 * 400);
    const repeated = new Set<string>();
    for (let id = 0; id < 300_000; id += 1) keys.add(hashOf(String(id)));
    for (let id = 0; id < 300_000; id += 200) repeated.add(hashOf(String(id)));
    for (const key of repeated) keys.add(key);
    const suspects = new Set(keys.suspects);
    expect([...repeated].every((key) => suspects.has(key))).toBe(true);
    expect(suspects.size).toBeLessThan(repeated.size + 10);
  });

  test('too many of them are left to the database', () => {
    const keys = new RepeatedKeys(0);
    for (let id = 0; id < 30_000; id += 1) for (let copy = 0; copy < 2; copy += 1) keys.add(hashOf(String(id)));
    expect(keys.suspects).toBeNull();
  });
});

describe('the hash of a key', () => {
  test('is another for another key or scope, and the same whatever was hashed before', () => {
    const ids = Array.from({ length: 5_000 }, (_, id) => hashOf(String(id)));
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every((id) => /^[0-9a-f]{32}$/.test(id))).toBe(true);
    expect(keyHasher('client/shop')('4711')).toBe(ids[4711]);
    expect(keyHasher('client/till')('4711')).not.toBe(ids[4711]);
  });

  test('begins alike for numbers that follow each other', () => {
    expect(hashOf('1000123').slice(0, 8)).toBe(hashOf('1000999').slice(0, 8));
    expect(hashOf('1000123').slice(0, 8)).not.toBe(hashOf('1001123').slice(0, 8));
  });
});
