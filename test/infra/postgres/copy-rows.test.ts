import { copyInto, openRowCopy } from '../../../infra/postgres/copy.ts';
import { CopyRows } from '../../../infra/postgres/copy-rows.ts';
import { inTransaction, withSession } from '../../../infra/postgres/session.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';

const COLUMNS = 'a integer, b bigint, c text, d jsonb, e bytea, f uuid, g date, h timestamptz, i text, j text';
const LEAST = -(2n ** 63n);
const TEXTS = ['', 'short', 'tab\t, line\n, back\\slash', 'größer als 127: ü', '山'.repeat(50), 'x'.repeat(70_000)];

function write(to: CopyRows, at: number): void {
  to.row(10);
  to.int32(-at);
  to.int64(LEAST + BigInt(at));
  to.text(TEXTS[at % TEXTS.length]!);
  to.json({ key: TEXTS[at % TEXTS.length] });
  to.bytes(Buffer.from([0, at % 256, 255]));
  to.hex('00112233445566778899aabbccddeeff');
  to.date(at % 2 === 0 ? '1969-12-31' : '2026-02-28');
  to.instant(Date.parse('9999-12-31T23:59:59.999Z') - at);
  const from = to.end;
  to.text('again');
  to.again(from, to.end);
}

describe('rows in the binary format of COPY', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  test('are stored as they were written, however large they grow', async () => {
    const rows = new CopyRows();
    for (let at = 0; at < 120; at += 1) write(rows, at);
    await withSession(database.url, (session) =>
      inTransaction(session, async () => {
        await session.client.query(`create temp table t (${COLUMNS}) on commit drop`);
        const names = COLUMNS.replaceAll(/ [a-z]+/g, (match) => (match.length > 2 ? '' : match));
        expect(await copyInto(openRowCopy(session.client, `t (${names})`), [rows, new CopyRows()])).toBe(120);
        const { rows: stored } = await session.client.query(
          `select a, b::text, c, d, encode(e, 'hex') as e, f::text, g::text, (h at time zone 'UTC')::text as h, i, j from t order by a desc`,
        );
        expect(stored).toHaveLength(120);
        stored.forEach((row, at) => {
          const text = TEXTS[at % TEXTS.length];
          expect(row).toEqual({
            ...{ a: -at || 0, b: String(LEAST + BigInt(at)), c: text, d: { key: text } },
            e: Buffer.from([0, at, 255]).toString('hex'),
            ...{ f: '00112233-4455-6677-8899-aabbccddeeff', g: at % 2 === 0 ? '1969-12-31' : '2026-02-28' },
            h: `9999-12-31 23:59:59${at === 999 ? '' : `.${999 - at}`}`.replace(/0+$/, ''),
            ...{ i: 'again', j: 'again' },
          });
        });
      }),
    );
  });

  test('refuse a number that a bigint of the database cannot hold', () => {
    expect(() => new CopyRows().int64(2n ** 63n)).toThrow(RangeError);
  });
});
