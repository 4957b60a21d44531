import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { SourceFailure } from '../../../../infra/sources/failure.ts';
import { asSourceFailure } from '../../../../infra/sources/file/open.ts';
import { readRecords } from '../../../../infra/sources/file/read.ts';

const MEGABYTE = 1 << 20;
const RECORDS = 40_000;
const RECORD = `{"id":1,"text":"${'x'.repeat(1_000)}"}\n`;

function* repeated(): Generator<string> {
  for (let at = 0; at < RECORDS; at += 1) yield RECORD;
}

describe('reading a file', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'meshline-read-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test.each(['plain', 'compressed'])('holds a piece of it at a time (%s)', async (kind) => {
    const path = join(folder, kind);
    const file = createWriteStream(path);
    const bytes = Readable.from(repeated());
    await (kind === 'plain' ? pipeline(bytes, file) : pipeline(bytes, createGzip(), file));
    let records = 0;
    let largest = 0;
    for await (const chunk of readRecords(path, {
      format: 'ndjson',
      requiredColumns: [],
      maximumRecordBytes: MEGABYTE,
    })) {
      records += chunk.records.length;
      largest = Math.max(
        largest,
        chunk.records.reduce((sum, record) => sum + record.bytes.length, 0),
      );
    }
    expect(records).toBe(RECORDS);
    expect(largest).toBeLessThan(MEGABYTE);
  });

  test.each([
    ['EACCES', 'no_permission'],
    ['EISDIR', 'not_a_file'],
    ['ENOENT', 'changed_while_reading'],
    ['Z_BUF_ERROR', 'incomplete_file'],
    ['Z_DATA_ERROR', 'incomplete_file'],
  ])('calls %s what it means for the source: %s', (code, type) => {
    const failure = asSourceFailure('/data/orders.csv', Object.assign(new Error('x'), { code }));
    expect(failure).toBeInstanceOf(SourceFailure);
    expect(failure).toMatchObject({ type, message: expect.stringContaining('/data/orders.csv') });
  });

  test('leaves what is not the source’s fault as it is', () => {
    const error = new Error('disk on fire');
    expect(asSourceFailure('/data/orders.csv', error)).toBe(error);
  });
});
