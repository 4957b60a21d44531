import { minorDigits } from '../../domain/currency.ts';
import { type DeliveryState, firstState, takesMessages } from '../../domain/delivery.ts';
import { metricCatalog } from '../../domain/metrics/catalog.ts';
import { isTeam, personName } from '../../domain/people.ts';
import { isPresent } from '../../domain/presence.ts';
import { governanceOf } from '../../domain/publish/governance.ts';
import { revisionReasonWords } from '../../domain/publish/revision-reason.ts';
import type { CorrectionItem, CorrectionView } from '../../infra/mail/report/correction-view.ts';
import { renderCorrection } from '../../infra/mail/report/render-correction.ts';
import type { NewDelivery } from '../../infra/postgres/report/deliveries.ts';
import type { OwedNumber } from '../../infra/postgres/report/told.ts';
import type { EmailDestination, OperatingModel } from '../../schemas/operating-model.ts';
import { contentName } from '../content-name.ts';
import { deliveryTo, type Message } from '../delivery/compose.ts';
import type { Deps } from '../deps.ts';
import { inReportOrder, revisionData, shownName, versionsTold } from '../report/owed.ts';
import { printValue } from '../report/scale.ts';
import type { TellingOf, Told } from './explain.ts';

/** What is provisional is told by the next report; what is final was taken at its word. */
export const owesCorrection = ({ finality }: Pick<OwedNumber, 'finality'>): boolean => finality === 'final';

function itemOf(model: OperatingModel, one: OwedNumber, told: Told): CorrectionItem {
  const metric = metricCatalog(model).get(one.metric);
  const print = (micros: bigint | null) => printValue(micros, one.currency, metric?.unit === 'count');
  const isBoth = one.told_micros !== null && one.value_micros !== null;
  return {
    businessDate: one.business_date,
    ...shownName(model, one),
    old: print(one.told_micros),
    new: print(one.value_micros),
    change: isBoth ? print(one.value_micros! - one.told_micros!) : null,
    currency: one.currency,
    reason: revisionReasonWords(one.reason ?? 'error'),
    version: one.version,
    ...told,
  };
}

function viewOf(
  model: OperatingModel,
  night: string,
  owed: readonly OwedNumber[],
  tellingOf: TellingOf,
): CorrectionView {
  const { client } = model;
  const { owner } = governanceOf(model, { source: null, metric: null, kind: 'handoff' });
  return {
    client: { id: client.id, name: client.name },
    currency: client.currency,
    currencyDigits: minorDigits(client.currency),
    nightDate: night,
    ownerName: personName(model, owner),
    items: inReportOrder(model, owed).map((one) => itemOf(model, one, tellingOf(one))),
  };
}

/**
 * Whoever was told, but for people who are no longer with the team, and for anyone else where the destination is
 * internal now. What a system was told is no mail to anybody.
 */
function readersOf(model: OperatingModel, { mode }: EmailDestination, today: string, owed: readonly OwedNumber[]) {
  const left = model.people.filter((one) => one.until !== undefined && !isPresent({ ...one, leave: [] }, today));
  const gone = new Set(left.map((one) => one.email));
  const told = new Set(owed.flatMap((one) => (one.channel === 'email' ? one.recipients : [])));
  return [...told].filter((email) => !gone.has(email) && (mode !== 'internal' || isTeam(model, [email])));
}

/**
 * A destination that the model no longer has: whoever heard by it is owed the correction, and somebody looks at it
 * first.
 */
const goneDestination = (id: string): EmailDestination => ({
  id,
  kind: 'email',
  to: [],
  mode: 'live',
  release: 'after_review',
});

/**
 * What may become of a correction by mail. Texts to anyone outside the team are drafts until somebody releases them,
 * unless the destination says otherwise.
 */
function stateOf(model: OperatingModel, to: EmailDestination, readers: readonly string[]): DeliveryState {
  const release = to.corrections ?? (isTeam(model, readers) ? to.release : 'after_review');
  return firstState({ ...to, release }, readers);
}

/** Names what a correction tells: every version that it sets right, and the one that holds. */
export const contentOf = (owed: readonly OwedNumber[]): string => contentName(owed.map(versionsTold));

/** The notice of a night that sets right what a destination was told; by mail it goes to whoever was told. */
export function correctionOf(
  deps: Pick<Deps, 'pages'>,
  model: OperatingModel,
  night: string,
  destinationId: string,
  owed: readonly OwedNumber[],
  tellingOf: TellingOf,
): NewDelivery {
  const to =
    model.report.destinations.filter(takesMessages).find((one) => one.id === destinationId) ??
    goneDestination(destinationId);
  const message: Message = {
    kind: 'correction',
    event: 'report.corrected',
    version: contentOf(owed),
    mail: (pageUrl) => renderCorrection({ ...viewOf(model, night, owed, tellingOf), pageUrl }),
    data: { client: model.client.id, night, corrections: owed.map(revisionData) },
    shows: owed,
  };
  const delivery = deliveryTo(deps, model, { clientId: model.client.id, businessDate: night }, message, to);
  if (to.kind !== 'email') return delivery;
  const recipients = readersOf(model, to, night, owed);
  return { ...delivery, recipients, status: stateOf(model, to, recipients) };
}
