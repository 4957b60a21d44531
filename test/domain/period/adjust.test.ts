import fc from 'fast-check';
import { monthOf } from '../../../domain/business-day.ts';
import { monthsAfter, owedAdjustment, takesAdjustments } from '../../../domain/period/adjust.ts';
import { isLocked, type PeriodState } from '../../../domain/period/table.ts';

const MONTHS = ['2026-01', '2026-02', '2026-03', '2026-04'];
const DAYS = MONTHS.flatMap((month) => [`${month}-03`, `${month}-20`]);

type Event =
  | { kind: 'late'; day: string; amount: bigint }
  | { kind: 'close'; day: string }
  | { kind: 'soft_close' | 'lock' | 'reopen'; month: string };

/** One metric of a client over some months: what the rule is for, as small as it gets. */
class Books {
  ledger = new Map<string, bigint>();
  published = new Map<string, bigint>();
  posted: { day: string; month: string; amount: bigint }[] = [];
  states = new Map<string, PeriodState>();
  frozen = new Map<string, bigint>();

  stateOf = (month: string): PeriodState => this.states.get(month) ?? 'open';

  valueOf(month: string): bigint {
    const days = [...this.published].filter(([day]) => monthOf(day) === month).map(([, value]) => value);
    const posted = this.posted.filter((one) => one.month === month).map((one) => one.amount);
    return [...days, ...posted].reduce((sum, one) => sum + one, 0n);
  }

  openAfter(month: string): string {
    for (const next of monthsAfter(month)) if (takesAdjustments(this.stateOf(next))) return next;
    throw new Error('no month takes it');
  }

  /** An attempt at a day, as a close does it: in a soft-closed month a changed number waits for a person. */
  close(day: string): void {
    const month = monthOf(day);
    const nowMicros = this.ledger.get(day) ?? 0n;
    const before = this.published.get(day);
    if (this.stateOf(month) === 'soft_closed' && before !== undefined && before !== nowMicros) return;
    if (!isLocked(this.stateOf(month))) this.published.set(day, nowMicros);
    const adjusted = this.posted.filter((one) => one.day === day).reduce((sum, one) => sum + one.amount, 0n);
    const amount = owedAdjustment({
      nowMicros,
      publishedMicros: this.published.get(day) ?? 0n,
      adjustedMicros: adjusted,
    });
    if (amount !== 0n) this.posted.push({ day, month: this.openAfter(month), amount });
  }

  take(event: Event): void {
    if (event.kind === 'late') this.ledger.set(event.day, (this.ledger.get(event.day) ?? 0n) + event.amount);
    else if (event.kind === 'close') this.close(event.day);
    else this.move(event.kind, event.month);
  }

  private move(kind: 'soft_close' | 'lock' | 'reopen', month: string): void {
    if (kind === 'soft_close' && this.stateOf(month) === 'open') {
      for (const day of DAYS.filter((one) => monthOf(one) === month)) this.close(day);
      this.states.set(month, 'soft_closed');
    }
    if (kind === 'lock' && this.stateOf(month) === 'soft_closed') {
      this.states.set(month, 'locked');
      this.frozen.set(month, this.valueOf(month));
    }
    if (kind === 'reopen') {
      this.states.set(month, 'open');
      this.frozen.delete(month);
    }
  }
}

const day = fc.constantFrom(...DAYS);
const event: fc.Arbitrary<Event> = fc.oneof(
  fc.record({ kind: fc.constant('late' as const), day, amount: fc.bigInt({ min: -1_000n, max: 1_000n }) }),
  fc.record({ kind: fc.constant('close' as const), day }),
  fc.record({ kind: fc.constantFrom('soft_close', 'lock', 'reopen'), month: fc.constantFrom(...MONTHS) }),
);

const total = (amounts: Iterable<bigint>): bigint => [...amounts].reduce((sum, one) => sum + one, 0n);

test('whatever comes late, and whatever is locked and reopened: no locked month changes', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), (events) => {
      const books = new Books();
      for (const one of events) {
        books.take(one);
        for (const [month, value] of books.frozen) expect(books.valueOf(month)).toBe(value);
      }
    }),
  );
});

test('once every day is closed anew, all months with their adjustments are the ledger by its own dates', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), (events) => {
      const books = new Books();
      for (const one of events) books.take(one);
      // What waits for a person in a soft-closed month is no difference for good: it is opened, or decided.
      for (const month of MONTHS) if (books.stateOf(month) === 'soft_closed') books.states.set(month, 'open');
      for (const one of DAYS) books.close(one);
      const months = [...new Set([...MONTHS, ...books.posted.map((one) => one.month)])];
      expect(total(months.map((month) => books.valueOf(month)))).toBe(total(books.ledger.values()));
      for (const date of DAYS) {
        const posted = books.posted.filter((one) => one.day === date).map((one) => one.amount);
        expect((books.published.get(date) ?? 0n) + total(posted)).toBe(books.ledger.get(date) ?? 0n);
      }
    }),
  );
});

test('an adjustment is posted after its day’s month, to none that is closed, and the same state owes nothing again', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), (events) => {
      const books = new Books();
      for (const one of events) {
        const before = books.posted.length;
        books.take(one);
        for (const posted of books.posted.slice(before)) {
          expect(posted.month > monthOf(posted.day)).toBe(true);
          expect(books.stateOf(posted.month)).toBe('open');
        }
        const after = books.posted.length;
        if (one.kind === 'close') books.close(one.day);
        expect(books.posted).toHaveLength(after);
      }
    }),
  );
});
