import { activityInfo, cancellationSignal } from '@temporalio/activity';
import { businessDate as dayOf } from '../../domain/business-day.ts';
import { MailError } from '../../infra/mail/mail-error.ts';
import { sendMail } from '../../infra/mail/send.ts';
import { appendAudit } from '../../infra/postgres/audit.ts';
import {
  correctedTonight,
  type KeptDelivery,
  keepDeliveries,
  markDelivery,
  pendingCorrections,
  supersedeDrafts,
} from '../../infra/postgres/report/deliveries.ts';
import { owedNumbers } from '../../infra/postgres/report/told.ts';
import type { OperatingModel } from '../../schemas/operating-model.ts';
import type { Deps } from '../deps.ts';
import { correctionOf, owesCorrection } from './corrections.ts';
import { currentModel } from './current-model.ts';

type Correction = { clientId: string; night: string; delivery: KeptDelivery };

/** About a quarter of an hour of tries; then it is given up for this night, and owed to the next one. */
const LAST_TRY = 12;

/** Keeps the night's corrections as they go out, one for each destination that has none yet this night; a later draft takes the place of an earlier one. */
async function keepCorrections({ db }: Deps, model: OperatingModel, night: string): Promise<void> {
  const clientId = model.client.id;
  const owed = (await owedNumbers(db, clientId)).filter(owesCorrection);
  const told = await correctedTonight(db, clientId, night);
  for (const [destinationId, own] of Map.groupBy(owed, (one) => one.destination_id)) {
    if (told.has(destinationId)) continue;
    const delivery = correctionOf(model, night, destinationId, own);
    await db.transaction().execute(async (tx) => {
      await supersedeDrafts(tx, clientId, delivery);
      await keepDeliveries(tx, { clientId, businessDate: night, attempt: 0 }, [delivery]);
    });
  }
}

async function record({ db, secrets }: Deps, { clientId, night, delivery }: Correction, status: 'sent' | 'failed') {
  await db.transaction().execute(async (tx) => {
    await markDelivery(tx, delivery.delivery_id, status);
    await appendAudit(tx, secrets.auditKey, {
      clientId,
      businessDate: night,
      actor: 'meshline',
      action: status === 'sent' ? 'correction.sent' : 'correction.not_sent',
      subject: delivery.destination_id,
      detail: { recipients: delivery.recipients, messageId: delivery.message_id },
    });
  });
}

async function send(deps: Deps, one: Correction): Promise<void> {
  const { delivery, clientId, night } = one;
  try {
    await sendMail({
      transportUrl: deps.mail.transportUrl,
      from: deps.mail.from,
      to: delivery.recipients,
      subject: delivery.subject,
      html: delivery.html,
      text: delivery.body_text,
      messageId: delivery.message_id,
      headers: { 'X-Meshline-Client': clientId, 'X-Meshline-Date': night },
      signal: cancellationSignal(),
    });
  } catch (error) {
    if (!(error instanceof MailError)) throw error;
    if (error.kind === 'transient' && activityInfo().attempt < LAST_TRY) throw error;
    return record(deps, one, 'failed');
  }
  await record(deps, one, 'sent');
}

/**
 * Tells every destination which final numbers are others than it was told, in one notice a night; what changes after
 * that night's notice is told by the next one.
 */
export function createSendCorrections(deps: Deps) {
  return async function sendCorrections(clientId: string): Promise<void> {
    const model = await currentModel(deps.db, clientId);
    if (!model) return;
    await keepCorrections(deps, model, dayOf(new Date(), model.client.timezone, model.client.cutOff));
    for (const delivery of await pendingCorrections(deps.db, clientId))
      await send(deps, { clientId, night: delivery.business_date, delivery });
  };
}
