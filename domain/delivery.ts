import type { Destination, MessageDestination } from '../schemas/operating-model.ts';
import type { DELIVERY_KINDS, DELIVERY_STATES } from '../schemas/states.ts';
import { parseDuration } from './duration.ts';

export type DeliveryState = (typeof DELIVERY_STATES)[number];

export type DeliveryKind = (typeof DELIVERY_KINDS)[number];

export type DeliveryChannel = MessageDestination['kind'];
export type Guarantee = 'at_least_once' | 'at_most_once';

/** Whether a destination is told of something; from a warehouse and a file, numbers are read. */
export const takesMessages = (one: Destination): one is MessageDestination =>
  one.kind === 'email' || one.kind === 'webhook';

/** How long a receiver that is away is waited for, where its destination does not say. */
const PATIENCE = '3 days';

export const guaranteeOf = ({ guarantee }: Pick<MessageDestination, 'guarantee'>): Guarantee =>
  guarantee ?? 'at_least_once';

export const releaseOf = ({ release }: Pick<MessageDestination, 'release'>): 'automatic' | 'after_review' =>
  release ?? 'automatic';

export const patienceMs = ({ giveUpAfter }: Pick<MessageDestination, 'giveUpAfter'>): number =>
  parseDuration(giveUpAfter ?? PATIENCE).ms;

/** What a new delivery is: nothing leaves that nobody receives or released. */
export function firstState(destination: MessageDestination, recipients: readonly string[]): DeliveryState {
  if (destination.mode === 'shadow' || recipients.length === 0) return 'stored';
  return releaseOf(destination) === 'after_review' ? 'draft' : 'pending';
}

/** States in which nobody has let a delivery out: what it says is for the eyes of the team alone. */
export const isUnreleased = (state: DeliveryState): boolean =>
  state === 'stored' || state === 'draft' || state === 'superseded';

/** States in which nothing was sent, and nothing will be unless a person asks for it. */
export const isUndelivered = (state: DeliveryState): boolean => state === 'failed' || state === 'uncertain';

/** States in which a receiver is to get it, or may have got it without our having heard. */
export const isUnderWay = (state: DeliveryState): boolean => state === 'pending' || state === 'sending';
