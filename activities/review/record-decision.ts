import { type DecideAnswer, type DecideInput, refusal, stateAfter } from '../../domain/review.ts';
import { appendAudit } from '../../infra/postgres/audit.ts';
import { lockDay } from '../../infra/postgres/close/attempt.ts';
import { loadException } from '../../infra/postgres/publish/exceptions.ts';
import {
  decisionById,
  insertDecision,
  lockException,
  setDayStatus,
  setState,
  type Via,
} from '../../infra/postgres/review/decisions.ts';
import type { Deps } from '../deps.ts';

export type DecisionToRecord = DecideInput & { exceptionId: string; via: Via };

const WORDS = {
  approve: 'the difference is accepted',
  reject: 'the day is rejected',
  rerun: 'the day is run anew',
} as const;

/**
 * Records a decision and its audit row in one transaction, once for each decision id. It binds to the inputs and the
 * difference that the exception shows; a decision on an older state is refused with the present one.
 */
export function createRecordDecision({ db, secrets }: Deps) {
  return async function recordDecision(input: DecisionToRecord): Promise<DecideAnswer> {
    const found = await loadException(db, input.exceptionId);
    const { client_id: clientId, business_date: businessDate } = found!;
    return db.transaction().execute(async (tx) => {
      await lockDay(tx, clientId, businessDate);
      const row = await lockException(tx, input.exceptionId);
      const present = { state: row.state, version: row.version };
      const before = await decisionById(tx, input.decisionId);
      if (before)
        return {
          ...present,
          accepted: before.exception_id === input.exceptionId,
          message: 'This decision was taken before.',
        };
      const refused = refusal(present, input.expectedVersion);
      if (refused) return { ...present, accepted: false, message: refused };
      const state = stateAfter(input.verb);
      await insertDecision(tx, row, input, input.via);
      await setState(tx, input.exceptionId, state);
      if (state === 'rejected') await setDayStatus(tx, row, 'rejected');
      await appendAudit(tx, secrets.auditKey, {
        clientId,
        businessDate,
        actor: input.actor,
        ...(input.onBehalfOf && { onBehalfOf: input.onBehalfOf }),
        action: `exception.${input.verb}`,
        subject: input.exceptionId,
        detail: {
          decisionId: input.decisionId,
          reason: input.reason,
          via: input.via,
          version: row.version,
          message: row.message,
        },
      });
      return { accepted: true, state, version: row.version + 1, message: `Recorded: ${WORDS[input.verb]}.` };
    });
  };
}
