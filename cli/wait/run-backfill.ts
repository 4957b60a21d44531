import type { Api } from '../api.ts';
import type { CloseDocument } from '../documents.ts';
import type { Said, Session } from '../session.ts';
import { shellWord, words } from '../text.ts';
import { datesBetween } from '../values.ts';
import { type Before, beforeOf, exitOf, isSettled } from './day-state.ts';
import { until } from './poll.ts';
import { showProgress } from './progress.ts';

type Options = { client: string; from: string; to: string; wait?: boolean };
type ByDate = ReadonlyMap<string, CloseDocument>;

/** How many days are looked at together: the one that is waited for, and those that show that it was passed over. */
const WINDOW_DAYS = 4;

async function readDays({ ask }: Api, { client, from, to }: Options): Promise<ByDate> {
  const params = { path: { client }, query: { from, to } };
  const { days } = await ask((api) => api.GET('/api/v1/clients/{client}/closes', { params }));
  return new Map(days.map((day) => [day.businessDate, day]));
}

type Waiting = { dates: readonly string[]; before: ReadonlyMap<string, Before> };

const hasBegun = ({ before }: Waiting, days: ByDate, date: string): boolean =>
  (days.get(date)?.attempt ?? 0) > before.get(date)!.attempt;

/** Days are closed in order: one with no attempt of its own, although a later one has it, could not be opened at all. */
function isDone(waiting: Waiting, days: ByDate, [date, ...later]: readonly string[]): boolean {
  if (isSettled(days.get(date!), waiting.before.get(date!)!)) return true;
  return !hasBegun(waiting, days, date!) && later.some((one) => hasBegun(waiting, days, one));
}

function progressLine(closed: number, { dates }: Waiting, date: string, day: CloseDocument | undefined): string {
  const stage = day?.stage === undefined ? '' : `, attempt ${day.attempt}: ${words(day.stage)}`;
  return `${closed} of ${dates.length} days closed; ${date}${stage}`;
}

/** What became of each day, in order; a day that could not be opened is left out. */
async function waitForDays(api: Api, options: Options, waiting: Waiting): Promise<CloseDocument[]> {
  const { dates, before } = waiting;
  const progress = showProgress();
  const closed: CloseDocument[] = [];
  try {
    for (const [index, date] of dates.entries()) {
      const window = dates.slice(index, index + WINDOW_DAYS);
      const read = async () => {
        const days = await readDays(api, { ...options, from: date, to: window.at(-1)! });
        progress.say(`${options.client}: ${progressLine(index, waiting, date, days.get(date))}`);
        return days;
      };
      const day = (await until(read, (days) => isDone(waiting, days, window))).get(date);
      if (isSettled(day, before.get(date)!)) closed.push(day);
    }
    return closed;
  } finally {
    progress.end();
  }
}

function startedText({ client, from, to }: Options, workflowId: string): string {
  const show = `npx meshline close show --client ${shellWord(client)} --date ${from}`;
  return `The closes of ${client}, ${from} to ${to}, are started (${workflowId}).\n\nNext: see one with \`${show}\`.`;
}

/** Starts closing the days of a range in order; with `wait` returns what became of each. */
export async function runBackfill(session: Session, options: Options): Promise<Said> {
  const { client, from, to, wait } = options;
  const earlier: ByDate = wait ? await readDays(session, options) : new Map();
  const sent = { params: { path: { client } }, body: { from, to } };
  const started = await session.ask((api) => api.POST('/api/v1/clients/{client}/backfills', sent));
  if (!wait) return { document: started, people: () => startedText(options, started.workflowId) };
  const dates = datesBetween(from, to);
  const before = new Map(dates.map((date) => [date, beforeOf(earlier.get(date))]));
  const days = await waitForDays(session, options, { dates, before });
  return {
    document: { days },
    people: async () => (await import('../print/close-days.ts')).daysText(client, days),
    exit: exitOf(days) || (days.length < dates.length ? 1 : 0),
  };
}
