import type { Row } from '../../domain/fields.ts';
import { KeyStems } from './key-hash.ts';
import { RepeatedKeys } from './repeated-keys.ts';

/** A feed that makes up a new field name for every record must not fill the memory. */
const MOST_FIELDS = 2_000;

/** What is gathered of a file's records while they pass, in memory that does not grow with their number. */
export class FileSummary {
  readonly fields = new Set<string>();
  readonly keys: RepeatedKeys;
  readonly stems = new KeyStems();
  /** Numbers of records by business day. */
  readonly byDay = new Map<string, number>();

  constructor(fileBytes: number) {
    this.keys = new RepeatedKeys(fileBytes);
  }

  /** The columns of a file are fields of it, whether a record has them or not. */
  addColumns(names: readonly string[]): void {
    for (const name of names) if (name !== '') this.fields.add(name);
  }

  add(row: Row | null, keyHash: string, businessDate: string): void {
    for (const name in row) if (!this.fields.has(name) && this.fields.size < MOST_FIELDS) this.fields.add(name);
    this.keys.add(keyHash);
    this.stems.add(keyHash);
    this.byDay.set(businessDate, (this.byDay.get(businessDate) ?? 0) + 1);
  }
}
