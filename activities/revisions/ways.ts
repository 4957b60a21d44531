import { takesMessages } from '../../domain/delivery.ts';
import { isTeam } from '../../domain/people.ts';
import type { OwedNumber } from '../../infra/postgres/report/told.ts';
import type {
  EmailDestination,
  MessageDestination,
  OperatingModel,
  WebhookDestination,
} from '../../schemas/operating-model.ts';
import { versionsTold } from '../report/owed.ts';
import { recipientsOf } from '../report/recipients.ts';

/** How a reader is reached. `lost` says why nobody brings it there by itself any more; null where somebody does. */
export type Way = { to: MessageDestination; lost: string | null };

/** Readers who are owed the same, and are reached by the same way. */
export type Owing = { way: Way; readers: readonly string[]; owed: readonly OwedNumber[] };

const GONE = 'the destination that told them is gone';
const INTERNAL = 'the destination that told them is internal now';
const SHADOW = 'the destination that told them is in shadow now';

/** Kept under the destination that told them, and sent to nobody. */
const unsentMail = (id: string): EmailDestination => ({
  id,
  kind: 'email',
  to: [],
  mode: 'shadow',
  release: 'automatic',
});

function hasLeft({ people }: OperatingModel, email: string, today: string): boolean {
  const until = people.find((one) => one.email === email)?.until;
  return until !== undefined && today > until;
}

/**
 * Whoever was told by mail is reached by the destination that told them, or by another one that mails them. Where
 * neither is there, somebody looks at the notice before it goes.
 */
function mailWay(model: OperatingModel, today: string, reader: string, toldBy: readonly string[]): Way {
  const last = toldBy[0]!;
  if (hasLeft(model, reader, today)) return { to: unsentMail(last), lost: 'they have left the team' };
  const mails = model.report.destinations.filter((one) => one.kind === 'email');
  const live = mails.filter((one) => one.mode !== 'shadow');
  const may = ({ id, mode }: EmailDestination) =>
    toldBy.includes(id) && (mode !== 'internal' || isTeam(model, [reader]));
  const to = live.find(may) ?? live.find((one) => recipientsOf(model, one, today).includes(reader));
  if (to) return { to, lost: null };
  const own = mails.find((one) => toldBy.includes(one.id));
  if (own) return { to: unsentMail(own.id), lost: own.mode === 'shadow' ? SHADOW : INTERNAL };
  return { to: { ...unsentMail(last), mode: 'live', release: 'after_review' }, lost: GONE };
}

/** A system is its destination, or another one at the same address. */
function systemWay(model: OperatingModel, { destination_id: id, url, secret_ref }: OwedNumber): Way {
  const systems = model.report.destinations.filter(takesMessages).filter((one) => one.kind === 'webhook');
  const to = systems.find((one) => one.id === id) ?? systems.find((one) => one.url === url);
  if (to) return { to, lost: to.mode === 'shadow' ? SHADOW : null };
  const gone: WebhookDestination = { id, kind: 'webhook', url: url!, secretRef: secret_ref!, mode: 'shadow' };
  return { to: gone, lost: GONE };
}

function wayOf(model: OperatingModel, today: string, owed: readonly OwedNumber[]): Way {
  const [first] = owed;
  if (first!.channel === 'webhook') return systemWay(model, first!);
  return mailWay(model, today, first!.reader, [...new Set(owed.map((one) => one.destination_id))]);
}

/** Names a reader among all of a client. */
export const readerKey = ({ channel, reader }: Pick<OwedNumber, 'channel' | 'reader'>): string =>
  `${channel}/${reader}`;

/**
 * Sorts what is owed into notices: one for each reader, and for readers of one destination together who are owed the
 * same. People of the team do not wait for what is released to anyone else.
 */
export function owingOf(model: OperatingModel, today: string, owed: readonly OwedNumber[]): Owing[] {
  const byReader = [...Map.groupBy(owed, readerKey).values()];
  const single = byReader.map((own) => ({ way: wayOf(model, today, own), reader: own[0]!.reader, owed: own }));
  const alike = Map.groupBy(single, ({ way: { to, lost }, reader, owed: own }) =>
    JSON.stringify([to.kind, to.id, lost, to.kind === 'email' && isTeam(model, [reader]), own.map(versionsTold)]),
  );
  return [...alike.values()].map((all) => ({ ...all[0]!, readers: all.map((one) => one.reader).sort() }));
}
