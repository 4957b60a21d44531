import type { Person } from '../schemas/operating-model.ts';
import { holds } from './calendar.ts';

/** Whether a person is with the team and not away on a date (`YYYY-MM-DD`); the last day and the ends of a leave count. */
export const isPresent = ({ until, leave }: Pick<Person, 'until' | 'leave'>, date: string): boolean =>
  (until === undefined || date <= until) && !(leave ?? []).some((range) => holds(range, date));
