import { sql } from 'kysely';
import { minorDigits } from '../../../domain/currency.ts';
import { power10 } from '../../../domain/decimal.ts';
import { zoneOfField } from '../../../domain/identity.ts';
import { formatMicros } from '../../../domain/money.ts';
import { zoneDays } from '../../../domain/reconcile/zone-days.ts';
import { clocksOfOtherSeason, type Reading, readingsOf } from '../../../domain/remediation/clocks.ts';
import { findOtherDefinition, type KindSum, type OtherDefinition } from '../../../domain/remediation/definition.ts';
import type { Fix } from '../../../domain/remediation/fix.ts';
import type { Source } from '../../../schemas/operating-model.ts';
import type { Situation } from './situation.ts';
import type { Survey } from './survey.ts';

const readingText = ({ zone, offsets }: Reading, present: string): string =>
  offsets === 'ignored'
    ? `as clocks show them in ${zone}, whatever offset they state`
    : `in ${zone} instead of ${present}`;

/**
 * The times of a source are read in another zone that the operating model knows of, or by clocks that were not changed
 * with the season. Times that state an offset may state a wrong one.
 */
export function proposeZones({ model, day }: Situation, source: Source, { offsets }: Survey): Fix[] {
  const { zones } = model.rules[source.id]!;
  const present = zoneOfField(source.mapping.occurredAt, zones);
  const known = zoneDays(model.document, day.businessDate).map(({ zone }) => zone);
  const readings = readingsOf([...known, ...clocksOfOtherSeason(zones.store, day.businessDate)], present, offsets);
  return readings.map((reading) => ({
    kind: 'move_business_day',
    title: `Read the times of ${source.id} of this day ${readingText(reading, present)}`,
    change: { by: 'adjusting', source: source.id, add: [reading] },
  }));
}

/** The transform that the day before was read with, where this day's is another one. */
export async function proposeTransforms({ session, day, model }: Situation, source: Source): Promise<Fix[]> {
  const present = model.transforms[source.id];
  const { rows } = await sql<{ version: number }>`
    select normalized_with as version from capture_batch
    where client_id = ${day.clientId} and source_id = ${source.id} and slot_date < ${day.businessDate}
      and normalized_with is not null order by slot_date desc, batch_id desc limit 1`.execute(session.db);
  const version = rows[0]?.version;
  const change = (to: number | null) => ({ by: 'transform' as const, source: source.id, version: to });
  const fixes: Fix[] = [];
  if (version !== undefined && version !== present)
    fixes.push({
      kind: 'use_previous_transform',
      title: `Read ${source.id} of this day by transform ${source.id}@${version}, as the day before, instead of @${present}`,
      change: change(version),
    });
  if (model.fixes.some((one) => one.source === source.id))
    fixes.push({
      kind: 'use_previous_transform',
      title: `Read ${source.id} of this day by the operating model again, without the fixes applied before`,
      change: change(null),
    });
  return fixes;
}

/** A day of which nothing arrived may have been one without trade. */
export function proposeClosing({ day, exception }: Situation, surveys: readonly Survey[]): Fix[] {
  if (surveys.some((one) => one.records > 0) || exception.source_id === null) return [];
  return [
    { kind: 'declare_closed_day', title: `Declare ${day.businessDate} a day without trade`, change: { by: 'closing' } },
  ];
}

async function kindSums({ session, day }: Situation, storeId: string): Promise<KindSum[]> {
  const { rows } = await sql<{ book: string; kind: string; sum: bigint }>`
    select book, kind, sum(amount_micros)::bigint as sum from ledger_entry
    where client_id = ${day.clientId} and business_date = ${day.businessDate} and (${storeId} = '' or store_id = ${storeId})
    group by 1, 2`.execute(session.db);
  return rows.map(({ book, kind, sum }) => ({ book, kind, sumMicros: sum }));
}

/** `their total also counts shipping (12.50)`. */
function definitionText(found: readonly OtherDefinition[], currency: string): string {
  const amount = ({ amountMicros }: OtherDefinition) => formatMicros(amountMicros, minorDigits(currency));
  return found
    .map((one) => `their total ${one.theirs ? 'also counts' : 'leaves out'} ${one.kind} (${amount(one)} ${currency})`)
    .join(', ');
}

async function explanation(situation: Situation): Promise<string | null> {
  const { difference_micros: difference, currency, store_id: storeId, slice } = situation.exception;
  if (difference === null || currency === null || slice !== '' || situation.contribution.by !== 'amount') return null;
  const sums = await kindSums(situation, storeId);
  const rounding = power10(6 - minorDigits(currency));
  const found = findOtherDefinition(difference, situation.contribution.parts, sums, rounding);
  return found && definitionText(found, currency);
}

const PUBLISH_CHANGE = 'Accept the change and publish it as the next version';

/** The number may be right as it is; the title says why where another definition of theirs explains the difference. */
export async function proposeAccepting(situation: Situation): Promise<Fix[]> {
  if (situation.published)
    return [{ kind: 'accept_difference', title: PUBLISH_CHANGE, change: { by: 'accepting', because: null } }];
  const why = await explanation(situation);
  const what = situation.exception.difference_micros === null ? 'finding' : 'difference';
  const title = why === null ? `Accept the ${what} and publish the day as it is` : `Accept the difference: ${why}`;
  return [{ kind: 'accept_difference', title, change: { by: 'accepting', because: why } }];
}
