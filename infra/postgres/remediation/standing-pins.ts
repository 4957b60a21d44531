import { type RawBuilder, sql } from 'kysely';

type Day = { clientId: string; businessDate: string };
export type StandingPin = {
  source_id: string;
  transform_version: number;
  base_version: number;
  decision_id: string;
};

/**
 * What has a day's sources read otherwise than by the model, oldest first. The newest of a source is what it is read
 * with; it rests on the fixes before it, since the source was given back to the model or got a whole transform.
 */
export const standingPins = ({ clientId, businessDate }: Day): RawBuilder<StandingPin> => sql<StandingPin>`
  select p.source_id, p.transform_version, p.base_version, p.decision_id from day_transform p
  where p.client_id = ${clientId} and p.business_date = ${businessDate} and p.transform_version is not null
    and p.sequence >= coalesce((
      select max(start.sequence) from day_transform start left join transform_version t
        on t.client_id = start.client_id and t.transform_id = start.source_id and t.version = start.transform_version
      where start.client_id = p.client_id and start.business_date = p.business_date and start.source_id = p.source_id
        and t.rule->'adjustments' is null), 0)
  order by p.source_id, p.sequence`;
