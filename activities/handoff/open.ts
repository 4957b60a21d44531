import { isClosedDay } from '../../domain/calendar.ts';
import { releaseOf, takesMessages } from '../../domain/delivery.ts';
import { reportDueAt, sourceDueAt } from '../../domain/handoff/deadline.ts';
import type { Tx } from '../../infra/postgres/connect.ts';
import { type DayOf, type NewHandoff, openHandoffs } from '../../infra/postgres/handoff/rows.ts';
import type {
  Destination,
  ExportDestination,
  MessageDestination,
  OperatingModel,
} from '../../schemas/operating-model.ts';

/** What a report's hand-off to one of its destinations is called. */
export const destinationSubject = (model: OperatingModel, { id }: Pick<Destination, 'id'>): string =>
  `${model.report.id}/${id}`;

const sources = (model: OperatingModel, date: string): NewHandoff[] =>
  model.sources.map((source) => ({
    kind: 'source',
    subject: source.id,
    contract: `sources/${source.id}`,
    sender: source.id,
    receiver: 'close',
    // On a closed day nothing is owed.
    deadlineMs: isClosedDay(model.calendar, date) ? null : sourceDueAt(model, source, date),
  }));

/** The exports that files are written of: one in shadow writes none. */
export const liveExports = ({ report }: Pick<OperatingModel, 'report'>): ExportDestination[] =>
  report.destinations.filter((one) => one.kind === 'export').filter((one) => one.mode === 'live');

/** The destinations that a report is sent to: what is in shadow goes nowhere. */
export const reportedDestinations = ({ report }: OperatingModel): MessageDestination[] =>
  report.destinations.filter(takesMessages).filter((one) => one.mode !== 'shadow');

/** A report that waits for its release, or whose hour was over before the close began, has no deadline. */
const destinations = (model: OperatingModel, date: string, nowMs: number): NewHandoff[] => {
  const dueMs = reportDueAt(model, date);
  const exports = liveExports(model).map(({ id }) => ({ id, release: 'automatic' }) as const);
  return [...reportedDestinations(model), ...exports].map((one) => ({
    kind: 'destination',
    subject: destinationSubject(model, one),
    contract: `reports/${model.report.id}`,
    sender: 'close',
    receiver: one.id,
    deadlineMs: releaseOf(one) === 'automatic' && dueMs !== null && dueMs > nowMs ? dueMs : null,
  }));
};

/** Opens what a day is handed and hands on, once: a later attempt finds it as it is. Answers how many it opened. */
export const openDayHandoffs = (tx: Tx, day: DayOf, model: OperatingModel): Promise<number> =>
  openHandoffs(tx, day, [...sources(model, day.businessDate), ...destinations(model, day.businessDate, Date.now())]);
