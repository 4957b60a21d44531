import { sql } from 'kysely';
import type { RoutingModel } from '../../../domain/routing/route.ts';
import type { Db } from '../connect.ts';

/** The parts of a client's model that say where events go: of the version that holds on a day, or of the latest one. */
export async function routingModel(
  db: Db,
  clientId: string,
  businessDate: string | null,
): Promise<RoutingModel | undefined> {
  const { rows } = await sql<RoutingModel>`
    select coalesce(document->'routing', '[]') as routing, document->'report' as report,
      coalesce(document->'people', '[]') as people
    from operating_model
    where client_id = ${clientId} and (${businessDate}::date is null or effective_from is null or effective_from <= ${businessDate})
    order by version desc limit 1`.execute(db);
  return rows[0];
}
