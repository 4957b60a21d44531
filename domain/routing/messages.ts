import { type EventType, ROUTED_EVENTS } from '../../schemas/operating-model.ts';
import type { RoutedTo } from './route.ts';
import type { ToldEvent } from './words.ts';

/** An event with those who are still to get a message of it. */
export type OwedEvent = ToldEvent & { routed: readonly RoutedTo[] };
/** What goes to one destination or person, in one message. */
export type TargetMessage = { to: string; events: readonly ToldEvent[] };

/** What a night tells of numbers and closes is told once, when the night is done; anything else at once. */
export const WAITING: readonly EventType[] = ROUTED_EVENTS.filter(
  (type) => type.startsWith('number.') || type === 'close.finished',
);

/** One message for each target, with all that it is to hear, in the order in which it happened. */
export function messagesOf(owed: readonly OwedEvent[]): readonly TargetMessage[] {
  const told = owed.flatMap(({ routed, ...event }) =>
    routed.filter(({ by }) => by === 'message').map(({ to }) => ({ to, event })),
  );
  return [...Map.groupBy(told, ({ to }) => to)].map(([to, list]) => ({ to, events: list.map(({ event }) => event) }));
}

/** What a request is called: by its events where all are of one type. */
export function messageType(events: readonly ToldEvent[]): string {
  const types = new Set(events.map((one) => one.type));
  return types.size === 1 ? [...types][0]! : 'events';
}
