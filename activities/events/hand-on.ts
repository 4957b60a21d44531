import { businessDate as dayOf } from '../../domain/business-day.ts';
import { firstState, takesMessages } from '../../domain/delivery.ts';
import { isTeam } from '../../domain/people.ts';
import { messagesOf, messageType, type TargetMessage } from '../../domain/routing/messages.ts';
import type { ToldEvent } from '../../domain/routing/words.ts';
import { renderEvents } from '../../infra/mail/event/render.ts';
import type { Tx } from '../../infra/postgres/connect.ts';
import { noteTold, settleOwed, takeOwed } from '../../infra/postgres/events/owed.ts';
import { type KeptDelivery, keepDeliveries, type NewDelivery } from '../../infra/postgres/report/deliveries.ts';
import type { MessageDestination, OperatingModel } from '../../schemas/operating-model.ts';
import { contentName } from '../content-name.ts';
import { type DayOf, deliveryTo, type Message } from '../delivery/compose.ts';
import { wakeOutboxes } from '../delivery/outbox.ts';
import type { Deps } from '../deps.ts';
import { currentModel } from '../revisions/current-model.ts';

export type HandOnDeps = Pick<Deps, 'db' | 'engine' | 'pages'>;

/** A person is reached by mail, whatever the report's destinations are. */
const toPerson = (id: string): MessageDestination => ({
  kind: 'email',
  id,
  to: [id],
  mode: 'internal',
  release: 'automatic',
});

/** Undefined for somebody who left since, and for a destination that there is no more. */
function targetOf({ report, people }: OperatingModel, to: string): MessageDestination | undefined {
  const destination = report.destinations.filter(takesMessages).find((one) => one.id === to);
  return destination ?? (people.some((one) => one.id === to) ? toPerson(to) : undefined);
}

/** Texts to anyone outside the team are drafts until a person releases them. */
function released(model: OperatingModel, to: MessageDestination, one: NewDelivery): NewDelivery {
  if (to.kind !== 'email' || isTeam(model, one.recipients)) return one;
  return { ...one, status: firstState({ ...to, release: 'after_review' }, one.recipients) };
}

const dataOf = ({ id, type, businessDate, at, facts }: ToldEvent) => ({ id, type, businessDate, at, ...facts });

function messageAbout(model: OperatingModel, { businessDate }: DayOf, events: readonly ToldEvent[]): Message {
  const { id, name } = model.client;
  return {
    kind: 'event',
    event: messageType(events),
    version: contentName(events.map((one) => one.id)),
    mail: () => renderEvents({ client: { id, name }, events }),
    shows: [],
    data: { client: id, businessDate, events: events.map(dataOf) },
  };
}

/** The day that a message is filed under: the latest that it tells of, or today's where it is about none. */
function dayOfMessage({ client }: OperatingModel, { events }: TargetMessage): DayOf {
  const dates = events.flatMap((one) => one.businessDate ?? []).sort();
  return { clientId: client.id, businessDate: dates.at(-1) ?? dayOf(new Date(), client.timezone, client.cutOff) };
}

async function keep(tx: Tx, deps: HandOnDeps, model: OperatingModel, message: TargetMessage): Promise<KeptDelivery[]> {
  const to = targetOf(model, message.to);
  if (!to) return [];
  const day = dayOfMessage(model, message);
  const one = released(model, to, deliveryTo(deps, model, day, messageAbout(model, day, message.events), to));
  const kept = await keepDeliveries(tx, { ...day, attempt: 0 }, [one]);
  const told = message.events.map(({ id: eventId }) => ({ messageId: one.messageId, eventId }));
  await noteTold(tx, day.clientId, told);
  return kept;
}

/**
 * Tells everybody whom the routing rules name what they have not heard yet, each in one message, by their outboxes.
 * @param which `urgent` leaves for the end of the night what a night tells of numbers and closes
 */
export async function handOnEvents(deps: HandOnDeps, clientId: string, which: 'all' | 'urgent'): Promise<void> {
  const kept = await deps.db.transaction().execute(async (tx) => {
    const owed = await takeOwed(tx, clientId, which === 'urgent');
    const model = owed.length === 0 ? undefined : await currentModel(tx, clientId);
    if (!model) return [];
    const all: KeptDelivery[] = [];
    for (const message of messagesOf(owed)) all.push(...(await keep(tx, deps, model, message)));
    await settleOwed(
      tx,
      owed.map((one) => one.id),
    );
    return all;
  });
  await wakeOutboxes(deps, kept);
}
