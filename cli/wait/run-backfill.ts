import type { Api } from '../api.ts';
import type { CloseDocument } from '../documents.ts';
import type { Said, Session } from '../session.ts';
import { words } from '../text.ts';
import { datesBetween } from '../values.ts';
import { type Before, beforeOf, exitOf, isSettled } from './day-state.ts';
import { until } from './poll.ts';
import { showProgress } from './progress.ts';

type Options = { client: string; from: string; to: string; wait?: boolean };
type ByDate = ReadonlyMap<string, CloseDocument>;

async function readDays({ ask }: Api, { client, from, to }: Options): Promise<ByDate> {
  const params = { path: { client }, query: { from, to } };
  const { days } = await ask((api) => api.GET('/api/v1/clients/{client}/closes', { params }));
  return new Map(days.map((day) => [day.businessDate, day]));
}

/** Days are closed in order: one with no attempt of its own, although a later one has it, could not be opened at all. */
function openOnes(dates: readonly string[], days: ByDate, before: ReadonlyMap<string, Before>): string[] {
  const settled = (date: string) => isSettled(days.get(date), before.get(date)!);
  const begun = (date: string) => (days.get(date)?.attempt ?? 0) > before.get(date)!.attempt;
  const reached = dates.findLastIndex(begun);
  return dates.filter((date, index) => !settled(date) && (index >= reached || begun(date)));
}

function progressLine({ client }: Options, dates: readonly string[], open: readonly string[], days: ByDate): string {
  const [next] = open;
  const day = next === undefined ? undefined : days.get(next);
  const at = day?.stage === undefined ? '' : `, attempt ${day.attempt}: ${words(day.stage)}`;
  return `${client}: ${dates.length - open.length} of ${dates.length} days closed${next === undefined ? '' : `; ${next}${at}`}`;
}

async function waitForDays(api: Api, options: Options, beforeDays: ByDate): Promise<CloseDocument[]> {
  const dates = datesBetween(options.from, options.to);
  const before = new Map(dates.map((date) => [date, beforeOf(beforeDays.get(date))]));
  const progress = showProgress();
  try {
    const days = await until(
      async () => {
        const now = await readDays(api, options);
        progress.say(progressLine(options, dates, openOnes(dates, now, before), now));
        return now;
      },
      (now) => openOnes(dates, now, before).length === 0,
    );
    return dates.flatMap((date) => days.get(date) ?? []);
  } finally {
    progress.end();
  }
}

/** Starts closing the days of a range in order; with `wait` returns what became of each. */
export async function runBackfill(session: Session, options: Options): Promise<Said> {
  const before: ByDate = options.wait ? await readDays(session, options) : new Map();
  const { client, from, to } = options;
  const sent = { params: { path: { client } }, body: { from, to } };
  const started = await session.ask((api) => api.POST('/api/v1/clients/{client}/backfills', sent));
  if (!options.wait)
    return {
      document: started,
      people: () =>
        `The closes of ${client}, ${from} to ${to}, are started (${started.workflowId}).\n\nNext: see one with \`npx meshline close show --client ${client} --date ${from}\`.`,
    };
  const days = await waitForDays(session, options, before);
  const missing = datesBetween(from, to).length - days.length;
  return {
    document: { days },
    people: async () => (await import('../print/close-days.ts')).daysText(client, days),
    exit: exitOf(days) || (missing > 0 ? 1 : 0),
  };
}
