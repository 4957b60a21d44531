import { addDays } from '../business-day.ts';
import { type DayStatus, isSettled } from '../close.ts';

export const CHECK_ITEMS = ['days', 'exceptions', 'changes', 'revisions', 'withheld', 'finality'] as const;
/** `warn`: worth knowing, and no reason to wait. */
export type CheckItem = {
  item: (typeof CHECK_ITEMS)[number];
  status: 'ok' | 'warn' | 'blocked';
  what: string;
  /** What to do about it; null where there is nothing to do. */
  next: string | null;
};

/** A date of the month that the client has to close. `status` null: it was never closed. */
export type DayFact = { date: string; status: DayStatus | null; over: boolean; closedDay: boolean };

export type PeriodFacts = {
  clientId: string;
  month: string;
  /** From the client's first day on. */
  days: readonly DayFact[];
  exceptions: readonly { id: string; date: string; kind: string }[];
  /** Days with an input that changed after they were published, or with a number that nothing certifies any more. */
  changed: readonly string[];
  /** Days with a number that a person keeps as it was published, against what its inputs say now. */
  kept: readonly string[];
  /** Metrics that are no longer computed, of which an input has changed since they were published. */
  dropped: readonly { metric: string; days: number }[];
  /** Numbers of the report that no exception holds back and that are not out. */
  withheld: readonly { metric: string; days: number }[];
  /** Dates with a number that may still change within its settling window, and when the last window ends. */
  provisional: { days: number; until: Date | null };
  revisions: number;
  /** Whether what was soft-closed is what is there now; null where nothing was. */
  seen: 'as_now' | 'changed' | null;
};

const NAMED = 3;

/** The first few of a list, and how many more there are. */
function some(all: readonly string[]): string {
  const more = all.length - NAMED;
  return all.slice(0, NAMED).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

const count = (number: number, one: string, many = `${one}s`): string => `${number} ${number === 1 ? one : many}`;

const isClosed = ({ status, closedDay }: DayFact): boolean => (status === null ? closedDay : isSettled(status));

const words = (status: DayStatus | null): string => (status === null ? 'never closed' : status.replaceAll('_', ' '));

const isUnderWay = ({ status }: DayFact): boolean => status === 'waiting' || status === 'running';

/** The command that closes the first days on end that nobody is at; where there are none, one that shows what waits. */
function closingCommand(clientId: string, open: readonly DayFact[]): string {
  const of = `--client ${clientId}`;
  const toClose = open.filter((one) => !isUnderWay(one)).map((one) => one.date);
  const [first] = toClose;
  if (first === undefined) return `npx meshline close show ${of} --date ${open[0]!.date}`;
  const onEnd = toClose.filter((date, at) => date === addDays(first, at));
  if (onEnd.length === 1) return `npx meshline close run ${of} --date ${first}`;
  return `npx meshline close backfill ${of} --from ${first} --to ${onEnd.at(-1)}`;
}

function daysItem({ clientId, month, days }: PeriodFacts): CheckItem {
  const item = 'days';
  const toCome = days.filter((one) => !one.over);
  const open = days.filter((one) => one.over && !isClosed(one));
  if (days.length === 0)
    return { item, status: 'blocked', what: `no day of ${month} was ever closed`, next: 'name another month' };
  if (open.length > 0)
    return {
      item,
      status: 'blocked',
      what: `not closed: ${some(open.map((one) => `${one.date} (${words(one.status)})`))}`,
      next: closingCommand(clientId, open),
    };
  if (toCome.length > 0)
    return {
      item,
      status: 'blocked',
      what: `${count(toCome.length, 'day is', 'days are')} not over yet, the first one ${toCome[0]!.date}`,
      next: 'wait for the end of the month',
    };
  const first = days[0]!.date;
  const since = first === `${month}-01` ? '' : `, from ${first}, the client's first day`;
  return { item, status: 'ok', what: `${count(days.length, 'day')} closed${since}`, next: null };
}

function exceptionsItem({ exceptions }: PeriodFacts): CheckItem {
  const item = 'exceptions';
  if (exceptions.length === 0) return { item, status: 'ok', what: 'none is open', next: null };
  return {
    item,
    status: 'blocked',
    what: `${count(exceptions.length, 'exception is', 'exceptions are')} open: ${some(exceptions.map((one) => `${one.date} ${one.kind.replaceAll('_', ' ')}`))}`,
    next: `npx meshline exceptions show ${exceptions[0]!.id}`,
  };
}

/** What rests on something else than is there now, and stays so. */
const standingOf = ({ kept, dropped }: PeriodFacts): string[] => [
  ...(kept.length === 0 ? [] : [`kept as published against a later change: numbers of ${some(kept)}`]),
  ...(dropped.length === 0
    ? []
    : [`no longer computed: ${some(dropped.map((one) => `${one.metric} of ${count(one.days, 'day')}`))}`]),
];

function changesItem(facts: PeriodFacts): CheckItem {
  const item = 'changes';
  const { clientId, changed } = facts;
  const standing = standingOf(facts);
  if (changed.length === 0 && standing.length > 0)
    return { item, status: 'warn', what: standing.join('; '), next: 'they stay as they were published' };
  if (changed.length === 0) return { item, status: 'ok', what: 'every number rests on what is there now', next: null };
  return {
    item,
    status: 'blocked',
    what: `an input changed after the numbers of ${some(changed)} were published`,
    next: `npx meshline close run --client ${clientId} --date ${changed[0]} --wait`,
  };
}

function revisionsItem({ clientId, month, revisions, seen }: PeriodFacts): CheckItem {
  const item = 'revisions';
  const what = revisions === 0 ? 'nothing was revised' : count(revisions, 'revision');
  if (seen !== 'changed') return { item, status: 'ok', what: `${what}${seen === null ? '' : ', seen'}`, next: null };
  return {
    item,
    status: 'blocked',
    what: `the numbers have changed since the month was soft-closed (${what} now)`,
    next: `look at them, then npx meshline period close --client ${clientId} --month ${month}`,
  };
}

function withheldItem({ clientId, withheld }: PeriodFacts): CheckItem {
  const item = 'withheld';
  if (withheld.length === 0) return { item, status: 'ok', what: 'nothing of the report is missing', next: null };
  return {
    item,
    status: 'warn',
    what: `missing from the month: ${some(withheld.map((one) => `${one.metric} of ${count(one.days, 'day')}`))}`,
    next: `npx meshline close show --client ${clientId} --date <day> says why`,
  };
}

function finalityItem({ provisional: { days, until } }: PeriodFacts): CheckItem {
  const item = 'finality';
  if (days === 0) return { item, status: 'ok', what: 'every number is final', next: null };
  return {
    item,
    status: 'warn',
    what: `${count(days, 'day has', 'days have')} provisional numbers${until === null ? '' : `, the last until ${until.toISOString()}`}`,
    next: 'lock later, or have what changes after the lock posted as adjustments',
  };
}

const ITEMS = [daysItem, exceptionsItem, changesItem, revisionsItem, withheldItem, finalityItem] as const;

/** What must hold before a month is closed, each item with what to do about it. */
export const checklistOf = (facts: PeriodFacts): CheckItem[] => ITEMS.map((item) => item(facts));

/** What each item that can block asks for. */
export const EXPECTED: Readonly<Record<CheckItem['item'], string>> = {
  days: 'every day of the month closed',
  exceptions: 'no exception open',
  changes: 'no change that waits to be published',
  revisions: 'revisions that somebody has looked at',
  withheld: 'nothing missing',
  finality: 'final numbers',
};

/** What keeps a month from being closed, or locked: only closing itself looks at the revisions anew. */
export const blockersOf = (checklist: readonly CheckItem[], verb: 'close' | 'lock'): CheckItem[] =>
  checklist.filter((one) => one.status === 'blocked' && (verb === 'lock' || one.item !== 'revisions'));
