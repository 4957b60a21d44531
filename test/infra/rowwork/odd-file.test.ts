import { mkdir, symlink, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { sql } from 'kysely';
import { ordersFile } from '../../support/order-model.ts';
import { openPipeline, type Pipeline } from '../../support/pipeline.ts';
import { DATE, openLedger, order, type SmallLedger } from '../../support/small-ledger.ts';

const AT = `${DATE}T15:00:00Z`;
const csvOf = (...rows: string[]) => `id,at,amount,note\n${rows.map((row) => `${row}\n`).join('')}`;
const GOOD = `A1,${AT},10.00,fine`;
const CSV = { csv: '' };
const MEGABYTE = 1 << 20;

let pipeline: Pipeline;
beforeAll(async () => {
  pipeline = await openPipeline();
});
afterAll(() => pipeline.close());

async function errorsOf(ledger: SmallLedger): Promise<string[]> {
  return (await ledger.content()).quarantined;
}

/** Delivers a file and runs the day; what it left in the ledger and in quarantine. */
async function outcome(content: string | Buffer, options: Parameters<typeof openLedger>[1] = CSV) {
  const ledger = await openLedger(pipeline, options);
  await ledger.deliver(content);
  const { captured, normalized } = await ledger.run();
  return { ledger, captured, normalized, errors: await errorsOf(ledger) };
}

async function nothingIsLeft(ledger: SmallLedger): Promise<void> {
  for (const table of ['capture_batch', 'raw_event', 'ledger_entry', 'quarantine'])
    expect([table, await ledger.count(table)]).toEqual([table, 0]);
}

describe('a file in an encoding', () => {
  const NOTES = csvOf(`A1,${AT},10.00,Café € – naïve`, `A2,${AT},5.00,plain`);
  const latin = csvOf(`A1,${AT},10.00,Café naïve`);
  const windows = Buffer.from(NOTES.replace('€', '\u0080').replace('–', '\u0096'), 'latin1');
  const FILES: readonly [name: string, encoding: string, content: Buffer, note: string][] = [
    ['utf-8', 'utf-8', Buffer.from(NOTES), 'Café € – naïve'],
    ['utf-8 with a mark', 'utf-8', Buffer.from(`\ufeff${NOTES}`), 'Café € – naïve'],
    ['utf-16le', 'utf-16le', Buffer.from(NOTES, 'utf16le'), 'Café € – naïve'],
    ['utf-16le with a mark', 'utf-16le', Buffer.from(`\ufeff${NOTES}`, 'utf16le'), 'Café € – naïve'],
    ['iso-8859-1', 'iso-8859-1', Buffer.from(latin, 'latin1'), 'Café naïve'],
    ['windows-1252', 'windows-1252', windows, 'Café € – naïve'],
  ];

  test.each(FILES)('that is %s is read as it was written', async (_name, encoding, content, note) => {
    const { ledger, captured, normalized } = await outcome(content, { csv: `, encoding: ${encoding}` });
    expect(captured).toMatchObject({ status: 'captured' });
    expect(normalized.quarantined).toBe(0);
    const { rows } = await sql<{ payload: string }>`
      select payload from raw_event where client_id = ${ledger.client} order by line limit 1`.execute(
      pipeline.database.db,
    );
    expect(rows[0]!.payload).toContain(note);
  });

  test('that is UTF-16 where UTF-8 is expected is refused, with what to set', async () => {
    const { ledger, captured } = await outcome(Buffer.from(`\ufeff${NOTES}`, 'utf16le'));
    expect(captured).toMatchObject({ status: 'failed', type: 'unusable_file', transient: false });
    expect(captured).toHaveProperty('message', expect.stringContaining('set encoding: utf-16le'));
    await nothingIsLeft(ledger);
  });

  test('that is UTF-16 without a mark where UTF-8 is expected is refused by its header', async () => {
    const { ledger, captured } = await outcome(Buffer.from(NOTES, 'utf16le'));
    expect(captured).toMatchObject({ status: 'failed', type: 'unusable_file' });
    await nothingIsLeft(ledger);
  });

  test('that breaks in one line: that record alone is quarantined, byte for byte', async () => {
    const broken = Buffer.concat([
      Buffer.from(csvOf(GOOD)),
      Buffer.from(`A2,${AT},7.00,`),
      Buffer.from([0xff, 0xfe]),
      Buffer.from(`\nA3,${AT},1.00,x\n`),
    ]);
    const { ledger, normalized, errors } = await outcome(broken);
    expect(normalized).toMatchObject({ records: 3, posted: 2, quarantined: 1 });
    expect(errors[0]).toContain('not valid UTF-8');
    const { rows } = await sql<{ bytes: Buffer }>`
      select payload_bytes as bytes from raw_event where client_id = ${ledger.client} and payload is null`.execute(
      pipeline.database.db,
    );
    expect(rows[0]!.bytes.subarray(-2)).toEqual(Buffer.from([0xff, 0xfe]));
  });
});

describe('a CSV', () => {
  test('with CRLF, and with line ends inside quotes, is as many records as it says', async () => {
    const text = csvOf(`A1,${AT},10.00,"two\nlines, and a ""quote"""`, GOOD.replace('A1', 'A2')).replaceAll(
      '\n',
      '\r\n',
    );
    const { normalized, captured } = await outcome(text);
    expect(captured).toMatchObject({ records: 2 });
    expect(normalized).toMatchObject({ posted: 2, quarantined: 0 });
  });

  test('without its header is refused and says which columns are missing', async () => {
    const { ledger, captured } = await outcome(`${GOOD}\n`);
    expect(captured).toMatchObject({ status: 'failed', type: 'unusable_file' });
    expect(captured).toHaveProperty(
      'message',
      expect.stringContaining('not the expected header: id, at, amount missing.'),
    );
    await nothingIsLeft(ledger);
  });

  test('whose columns the source states has no header line', async () => {
    const { normalized } = await outcome(`${GOOD}\n`, { csv: ', header: [id, at, amount, note]' });
    expect(normalized).toMatchObject({ records: 1, posted: 1, quarantined: 0 });
  });

  test('that names a column twice is refused', async () => {
    const { captured, ledger } = await outcome(`id,at,amount,amount\nA1,${AT},1,2\n`);
    expect(captured).toHaveProperty('message', expect.stringContaining('amount stands there twice'));
    await nothingIsLeft(ledger);
  });

  test('whose lines end in CR alone is refused, not read as a header without records', async () => {
    const { captured } = await outcome(csvOf(GOOD).replaceAll('\n', '\r'));
    expect(captured).toMatchObject({ status: 'failed', type: 'unusable_file' });
  });

  test('whose last line is cut off keeps the others; the cut one is quarantined', async () => {
    const { normalized, errors } = await outcome(`${csvOf(GOOD)}A2,${AT}`);
    expect(normalized).toMatchObject({ records: 2, posted: 1, quarantined: 1 });
    expect(errors[0]).toContain('the record has 2 columns, the header has 4');
  });

  test('with a quote that never closes says where it opens', async () => {
    const { errors } = await outcome(csvOf(GOOD, `A2,${AT},1.00,"oops`, GOOD.replace('A1', 'A3')));
    expect(errors[0]).toContain('a quote that opens in line 3 is not closed');
  });

  test('that is empty is incomplete; a header alone is a day without records', async () => {
    const empty = await outcome('');
    expect(empty.captured).toMatchObject({ status: 'failed', type: 'incomplete_file', transient: true });
    await nothingIsLeft(empty.ledger);
    const header = await outcome(csvOf());
    expect(header.captured).toMatchObject({ status: 'captured', records: 0 });
  });
});

describe('an NDJSON file', () => {
  const NDJSON = {};
  const line = (record: object) => JSON.stringify(record);

  test('with a NUL, raw or escaped, has that record quarantined', async () => {
    const raw = `${line(order('A1', '1.00')).slice(0, -1)},"x":"\0"}`;
    const { normalized, errors } = await outcome(`${raw}\n${line(order('A2', '1.00', { note: '\0' }))}\n`, NDJSON);
    expect(normalized).toMatchObject({ records: 2, posted: 0, quarantined: 2 });
    expect(errors.join()).toContain('NUL');
  });

  test('whose last line is cut off keeps the others', async () => {
    const text = ordersFile([order('A1', '1.00'), order('A2', '2.00')]).slice(0, -20);
    const { normalized, errors } = await outcome(text, NDJSON);
    expect(normalized).toMatchObject({ records: 2, posted: 1, quarantined: 1 });
    expect(errors[0]).toContain('not valid JSON');
  });

  test('with an id that numbers cannot hold is quarantined instead of becoming another id', async () => {
    const { errors } = await outcome(`{"id":12345678901234567891,"at":"${AT}","amount":"1"}\n`, NDJSON);
    expect(errors[0]).toContain('12345678901234567891 is larger than a number holds exactly');
  });

  test('with a line of 50 MB has it quarantined by place, length and hash; the next lines count', async () => {
    const huge = `{"id":"H","x":"${'x'.repeat(50 * MEGABYTE)}"}`;
    const { ledger, normalized, errors } = await outcome(`${huge}\n${ordersFile([order('A2', '2.00')])}`, NDJSON);
    expect(normalized).toMatchObject({ records: 2, posted: 1, quarantined: 1 });
    expect(errors[0]).toMatch(
      /the record at offset 0 has 524\d+ bytes, more than the limit of \d+; sha256 [0-9a-f]{64}/,
    );
    await ledger.deliver(`${huge.replace(/x"\}$/, 'y"}')}\n${ordersFile([order('A2', '2.00')])}`);
    expect(await ledger.capture()).toMatchObject({ changedRecords: 1 });
  });

  test('that is empty is a day without records', async () => {
    expect((await outcome('', NDJSON)).captured).toMatchObject({ status: 'captured', records: 0 });
  });

  test('whose gzip is cut off is incomplete and leaves nothing behind', async () => {
    const many = ordersFile(Array.from({ length: 3_000 }, (_, at) => order(`A${at}`, '1.00')));
    const { ledger, captured } = await outcome(gzipSync(many).subarray(0, -100), NDJSON);
    expect(captured).toMatchObject({ status: 'failed', type: 'incomplete_file', transient: true });
    await nothingIsLeft(ledger);
  });
});

describe('a place', () => {
  test('that is a folder is no file', async () => {
    const ledger = await openLedger(pipeline);
    await mkdir(ledger.pathOf());
    expect(await ledger.capture()).toMatchObject({ status: 'failed', type: 'not_a_file' });
  });

  test('outside the allowed roots is refused, also behind a link', async () => {
    const ledger = await openLedger(pipeline);
    await symlink('/etc/hostname', ledger.pathOf());
    const { roots } = pipeline.deps.files;
    pipeline.deps.files.roots = [pipeline.folder];
    try {
      expect(await ledger.capture()).toMatchObject({ status: 'failed', type: 'outside_allowed_roots' });
    } finally {
      pipeline.deps.files.roots = roots;
      await unlink(ledger.pathOf());
    }
  });

  test('where nothing is, is absent and says what to do', async () => {
    const ledger = await openLedger(pipeline);
    expect(await ledger.capture()).toMatchObject({ status: 'absent', message: expect.stringContaining('Deliver it') });
  });

  test('where a file appears in the end is captured as if it had been there', async () => {
    const ledger = await openLedger(pipeline);
    expect(await ledger.capture()).toMatchObject({ status: 'absent' });
    await writeFile(join(ledger.pathOf()), ordersFile([order('A1', '1.00')]));
    expect(await ledger.capture()).toMatchObject({ status: 'captured', records: 1 });
  });
});

describe('a record that breaks its schema', () => {
  test('is quarantined whole, with all its errors and its amount in suspense', async () => {
    const ledger = await openLedger(pipeline);
    await ledger.deliver([order('A1', '12.50', { at: 'yesterday', discount: 3, id: 7 }), order('A2', '1.00')]);
    await ledger.run();
    const { rows } = await sql<{ amount_micros: bigint; errors: { path: string }[]; payload: string }>`
      select q.amount_micros, q.errors, r.payload from quarantine q join raw_event r using (raw_event_id)
      where q.client_id = ${ledger.client}`.execute(pipeline.database.db);
    expect(rows).toHaveLength(1);
    expect(rows[0]!.errors.map((one) => one.path).sort()).toEqual(['at', 'discount', 'id']);
    expect(rows[0]!.amount_micros).toBe(9_500_000n);
    expect(JSON.parse(rows[0]!.payload)).toMatchObject({ id: 7, at: 'yesterday' });
    expect((await ledger.content()).standing).toHaveLength(1);
  });

  test('and is a test order holds nothing back', async () => {
    const ledger = await openLedger(pipeline, { mapping: ["skipWhen: 'has(row.test) && row.test'"] });
    await ledger.deliver([order('A1', '12.50', { at: 'yesterday', test: true }), order('A2', '1.00', { test: true })]);
    expect((await ledger.run()).normalized).toMatchObject({ posted: 0, quarantined: 1 });
    expect((await ledger.content()).quarantined[0]).toMatch(/^2026-03-02 0 USD/);
  });
});
