import { businessDate as dayOf } from '../../domain/business-day.ts';
import { type DeliveryKind, firstState, guaranteeOf, patienceMs, releaseOf } from '../../domain/delivery.ts';
import { stableMessageId } from '../../infra/mail/message-id.ts';
import type { RenderedMail } from '../../infra/mail/report/view.ts';
import type { NewDelivery } from '../../infra/postgres/report/deliveries.ts';
import type { ShownNumber } from '../../infra/postgres/report/told.ts';
import type {
  EmailDestination,
  MessageDestination,
  OperatingModel,
  WebhookDestination,
} from '../../schemas/operating-model.ts';
import type { Deps } from '../deps.ts';
import { recipientsOf } from '../report/recipients.ts';

/** A client's business day, or night. */
export type DayOf = { clientId: string; businessDate: string };

/** Something that goes to destinations, in the form that each of them takes. */
export type Message = {
  kind: DeliveryKind;
  /** What a webhook is told: `report.published`. */
  event: string;
  /** Of a report its version; of anything else what tells it from others of the same day and report. */
  version: string;
  /** The incident that it is news of. */
  incidentId?: string;
  /**
   * @param pageUrl where the mail can be read in a browser; undefined where no address of this installation is known
   */
  mail(pageUrl: string | undefined): RenderedMail;
  /** The versions of numbers that it tells of. */
  shows: readonly ShownNumber[];
  /** What the body of a request says beside its id, type and time. */
  data: Readonly<Record<string, unknown>>;
};

type Common = Pick<
  NewDelivery,
  'kind' | 'guarantee' | 'reportId' | 'destinationId' | 'reportVersion' | 'mode' | 'release' | 'incidentId' | 'shows'
> & {
  patienceMs: number;
};

const commonOf = (model: OperatingModel, message: Message, destination: MessageDestination): Common => ({
  kind: message.kind,
  guarantee: guaranteeOf(destination),
  reportId: model.report.id,
  destinationId: destination.id,
  reportVersion: message.version,
  incidentId: message.incidentId ?? null,
  shows: message.shows,
  mode: destination.mode,
  release: releaseOf(destination),
  patienceMs: patienceMs(destination),
});

/** What identifies a delivery, however often it is kept, tried or sent again. */
const keyOf = (model: OperatingModel, day: DayOf, message: Message, destination: MessageDestination): string[] => [
  day.clientId,
  day.businessDate,
  model.report.id,
  message.version,
  destination.id,
];

function mailOf(
  deps: Pick<Deps, 'pages'>,
  model: OperatingModel,
  day: DayOf,
  message: Message,
  to: EmailDestination,
): NewDelivery {
  const { timezone, cutOff } = model.client;
  const recipients = recipientsOf(model, to, dayOf(new Date(), timezone, cutOff));
  const messageId = stableMessageId(message.kind, keyOf(model, day, message, to));
  return {
    ...commonOf(model, message, to),
    channel: 'email',
    recipients,
    messageId,
    ...message.mail(deps.pages.linkTo(messageId, Date.now()) ?? undefined),
    status: firstState(to, recipients),
    event: null,
    url: null,
    secretRef: null,
  };
}

function requestOf(model: OperatingModel, day: DayOf, message: Message, to: WebhookDestination): NewDelivery {
  const { kind, event, data } = message;
  const id = [kind, ...keyOf(model, day, message, to)].join('/');
  return {
    ...commonOf(model, message, to),
    channel: 'webhook',
    recipients: [to.url],
    messageId: id,
    subject: `${event} of ${day.clientId} ${day.businessDate}`,
    html: '',
    text: JSON.stringify({ id, type: event, at: new Date().toISOString(), ...data }),
    status: firstState(to, [to.url]),
    event,
    url: to.url,
    secretRef: to.secretRef,
  };
}

/** A message as it goes to one destination, whichever way that one is reached. */
export const deliveryTo = (
  deps: Pick<Deps, 'pages'>,
  model: OperatingModel,
  day: DayOf,
  message: Message,
  to: MessageDestination,
): NewDelivery => (to.kind === 'email' ? mailOf(deps, model, day, message, to) : requestOf(model, day, message, to));
