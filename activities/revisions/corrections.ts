import { minorDigits } from '../../domain/currency.ts';
import { type DeliveryState, firstState } from '../../domain/delivery.ts';
import { metricCatalog } from '../../domain/metrics/catalog.ts';
import { isTeam, personName } from '../../domain/people.ts';
import { governanceOf } from '../../domain/publish/governance.ts';
import { revisionReasonWords } from '../../domain/publish/revision-reason.ts';
import type { CorrectionItem, CorrectionView } from '../../infra/mail/report/correction-view.ts';
import { renderCorrection } from '../../infra/mail/report/render-correction.ts';
import type { KeptCorrection, NewDelivery } from '../../infra/postgres/report/deliveries.ts';
import type { OwedNumber } from '../../infra/postgres/report/told.ts';
import type { OperatingModel } from '../../schemas/operating-model.ts';
import { contentName } from '../content-name.ts';
import { deliveryTo, type Message } from '../delivery/compose.ts';
import type { Deps } from '../deps.ts';
import { inReportOrder, revisionData, shownName, versionsTold } from '../report/owed.ts';
import { printValue } from '../report/scale.ts';
import type { TellingOf, Told } from './explain.ts';
import type { Owing } from './ways.ts';

/** What is provisional is told by the next report; what is final was taken at its word. */
export const owesCorrection = ({ finality }: Pick<OwedNumber, 'finality'>): boolean => finality === 'final';

function itemOf(model: OperatingModel, one: OwedNumber, told: Told): CorrectionItem {
  const metric = metricCatalog(model).get(one.metric);
  const print = (micros: bigint | null) => printValue(micros, one.currency, metric?.unit === 'count');
  const isBoth = one.told_micros !== null && one.value_micros !== null;
  return {
    businessDate: one.business_date,
    ...shownName(model, one),
    isNew: one.told_version === null,
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
 * What may become of a correction. Texts to anyone outside the team are drafts until somebody releases them, unless the
 * destination says otherwise.
 */
function stateOf(model: OperatingModel, { way: { to }, readers }: Owing): DeliveryState {
  if (to.kind !== 'email') return firstState(to, readers);
  const release = to.corrections ?? (isTeam(model, readers) ? to.release : 'after_review');
  return firstState({ ...to, release }, readers);
}

/** Names a notice by what it tells whom, every version that it sets right and the one that holds, and what it may become. */
export const noticeOf = (model: OperatingModel, owing: Owing): KeptCorrection => ({
  destinationId: owing.way.to.id,
  reportVersion: contentName([owing.readers, owing.owed.map(versionsTold)]),
  status: stateOf(model, owing),
});

/** The notice of a night to readers who are told the same by the same way. */
export function correctionOf(
  deps: Pick<Deps, 'pages'>,
  model: OperatingModel,
  night: string,
  owing: Owing,
  tellingOf: TellingOf,
): NewDelivery {
  const { way, readers, owed } = owing;
  const { reportVersion, status } = noticeOf(model, owing);
  const message: Message = {
    kind: 'correction',
    event: 'report.corrected',
    version: reportVersion,
    mail: (pageUrl) => renderCorrection({ ...viewOf(model, night, owed, tellingOf), pageUrl }),
    data: { client: model.client.id, night, corrections: revisionData(model, owed) },
    shows: owed,
  };
  const delivery = deliveryTo(deps, model, { clientId: model.client.id, businessDate: night }, message, way.to);
  return { ...delivery, ...(way.to.kind === 'email' && { recipients: readers }), readers, status };
}
