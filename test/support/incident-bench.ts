import { sql } from 'kysely';
import type { IncidentVerb } from '../../domain/incident/states.ts';
import { type IncidentRow, loadIncident } from '../../infra/postgres/incident/rows.ts';
import type { CloseBench } from './close-day.ts';
import { fileControl, type SmallShop } from './small-shop.ts';

export const INCIDENT_DATE = '2026-03-10';

const POLICY = {
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1m', maximumAttempts: 5 },
  rerun: { attempts: 0, delay: '1s' },
  decideWithin: '4h',
  escalateTo: 'ben',
  incidents: [
    { when: 'exception.overdue', severity: 'major' },
    { when: 'abs(exception.difference) > 50.0', severity: 'critical' },
  ],
};

type Document = Parameters<SmallShop['document']>[0] & object;

/** What happens to the days of a small shop whose total may differ, and to the incidents that come of it. */
export function incidentBench(bench: CloseBench, shop: () => SmallShop) {
  let steps = 0;
  const sell = (amount: string) =>
    shop().orders(INCIDENT_DATE, [{ id: '1', at: `${INCIDENT_DATE}T16:00:00Z`, amount }]);
  const close = (clientId: string) => bench.close({ clientId, businessDate: INCIDENT_DATE });
  return {
    async apply(clientId: string, over: Document = {}): Promise<void> {
      const exceptions = { ...POLICY, ...(over.exceptions as object) };
      const controls = [fileControl('gross_sales')];
      await bench.apply(shop().document({ controls, ...over, client: { id: clientId }, exceptions }));
    },
    /** Closes a day whose sales are not the 11.00 of its total; resolves with its exception, which is asked about. */
    async findDifference(clientId: string, amount: string): Promise<string> {
      await sell(amount);
      await shop().totals([`${INCIDENT_DATE},11.00,`]);
      await close(clientId);
      const { rows } = await sql<{ exception_id: string }>`
        select exception_id from exception where client_id = ${clientId}`.execute(bench.db);
      const exceptionId = rows[0]!.exception_id;
      await bench.run(() => bench.activities.askOwner(exceptionId));
      return exceptionId;
    },
    async heal(clientId: string): Promise<void> {
      await sell('11.00');
      await close(clientId);
    },
    open: (exceptionId: string) => bench.run(() => bench.activities.openIncident(exceptionId)),
    escalate: (exceptionId: string) => bench.run(() => bench.activities.escalate(exceptionId)),
    /** An overdue exception of a client as its incident. */
    async overdue(clientId: string, over: Document = {}): Promise<string> {
      await this.apply(clientId, over);
      const exceptionId = await this.findDifference(clientId, '10.00');
      await this.escalate(exceptionId);
      return (await this.open(exceptionId))!;
    },
    row: async (incidentId: string): Promise<IncidentRow> => (await loadIncident(bench.db, incidentId))!,
    act(incidentId: string, verb: IncidentVerb, actor: string, own: object = {}) {
      steps += 1;
      const step = {
        decisionId: `step-${steps}`,
        verb,
        reason: 'looking',
        actor,
        onBehalfOf: null,
        via: 'api',
        ...own,
      };
      return bench.run(() => bench.activities.recordIncidentStep({ ...step, incidentId } as never));
    },
    /** Mails about incidents to an address that begins so. */
    mailsTo: (address: string) =>
      bench.mailbox.mails.filter(
        (mail) => JSON.stringify(mail.to).includes(address) && mail.headers.has('x-meshline-incident'),
      ),
    /** What one test leaves open would be the same cause to the next one. */
    forget: async (): Promise<void> => {
      await sql`update incident set state = 'closed' where state <> 'closed'`.execute(bench.db);
    },
  };
}
