import { sql } from 'kysely';
import { queueAgain, releaseDraft } from '../../infra/postgres/delivery/release.ts';
import type { CloseBench } from './close-day.ts';
import type { SmallShop } from './small-shop.ts';

export type DeliveryFacts = {
  id: bigint;
  date: string;
  destination: string;
  status: string;
  queued: boolean;
  key: string;
  sent: boolean;
};
type Document = Parameters<SmallShop['document']>[0] & object;

/** A small shop whose report goes to destinations of a test's own. */
export function deliveryBench(own: () => { bench: CloseBench; shop: SmallShop; clientId: string }) {
  let requests = 0;
  return {
    apply(destinations: readonly object[], over: Document = {}) {
      const { bench, shop, clientId } = own();
      const report = { destinations, ...over.report };
      return bench.apply(shop.document({ ...over, client: { id: clientId }, report }));
    },
    /**
     * Closes a day on which this much was sold; an amount that differs from before makes another version of the report.
     */
    async close(businessDate: string, amount = '10.00') {
      const { bench, shop, clientId } = own();
      await shop.orders(businessDate, [{ id: businessDate, at: `${businessDate}T16:00:00Z`, amount }]);
      return bench.close({ clientId, businessDate });
    },
    /** Runs the outbox of a destination for one delivery, as its workflow does. */
    sendQueued(destinationId = 'hook', attempt = 1) {
      const { bench, clientId } = own();
      return bench.run(() => bench.activities.sendQueued({ clientId, destinationId }), undefined, attempt);
    },
    async deliveries(): Promise<DeliveryFacts[]> {
      const { bench, clientId } = own();
      const { rows } = await sql<DeliveryFacts>`
        select delivery_id as id, business_date as date, destination_id as destination, status, queued_at is not null as queued,
          message_id as key, sent_at is not null as sent
        from delivery where client_id = ${clientId} order by delivery_id`.execute(bench.db);
      return rows;
    },
    async states(): Promise<string[]> {
      return (await this.deliveries()).map((one) => one.status);
    },
    async tries() {
      const { bench, clientId } = own();
      const { rows } = await sql`
        select try, outcome, answered, error from delivery_try where client_id = ${clientId}
        order by delivery_id, try`.execute(bench.db);
      return rows;
    },
    async handoffs() {
      const { bench, clientId } = own();
      const { rows } = await sql<{ state: string; exception: string | null }>`
        select h.state, e.state as exception from handoff h left join exception e using (exception_id)
        where h.client_id = ${clientId} and h.kind = 'destination' order by h.business_date`.execute(bench.db);
      return rows;
    },
    release: (id: bigint) => releaseDraft(own().bench.db, id, 'ada'),
    resend(id: bigint) {
      requests += 1;
      return queueAgain(own().bench.db, id, `request-${requests}`);
    },
    /** As if it had waited for so many days. */
    age: (days: number) =>
      sql`update delivery set queued_at = queued_at - make_interval(days => ${days}) where client_id = ${own().clientId}`.execute(
        own().bench.db,
      ),
  };
}
