import { businessDayClock, clockTimeToInstant, localDateTimeToInstant, parseInstant } from './business-day.ts';
import { fieldReader, fieldText, type Row } from './fields.ts';

export type TimeField = { field: string; zone?: string };
export type IdentityRule = {
  key: readonly string[];
  occurredAt: TimeField;
  version?: string;
};
/** `zones.store` is that of the business day. */
export type Place = { slot: string; slotDate: string; zones: Zones; cutOff?: string };
export type Zones = { store: string; client: string };
export type Identity = { key: string; epochMs: number | null; businessDate: string; version: string | null };

/** The zone in which a time without an offset is read: that of the store unless the field says otherwise. */
export function zoneOfField({ zone }: TimeField, zones: Zones): string {
  if (zone === 'client') return zones.client;
  return zone === undefined || zone === 'store' ? zones.store : zone;
}

/**
 * The instant that a text names: with an offset as RFC 3339, unless offsets are ignored, without one as local time of
 * `zone`. Null if neither.
 */
export function compileInstant(zone: string, offsets?: 'ignored'): (value: unknown) => number | null {
  const stated = offsets === 'ignored' ? (text: string) => clockTimeToInstant(text, zone) : parseInstant;
  let last = '';
  let instant: number | null = null;
  return (value) => {
    if (typeof value !== 'string') return null;
    // All entries of a record mostly name the same instant.
    if (value !== last) {
      instant = stated(value) ?? localDateTimeToInstant(value, zone);
      last = value;
    }
    return instant;
  };
}

/** A record version as text whose order as text is its order in time or number. */
export function sortableVersion(value: unknown): string | null {
  const text = fieldText(value);
  if (text === null) return null;
  if (/^\d+$/.test(text)) return text.padStart(24, '0');
  const instant = parseInstant(text);
  return instant === null ? text : String(instant).padStart(24, '0');
}

function keyParts(rule: IdentityRule, slot: string): ((row: Row, line: number) => string | null)[] {
  return rule.key.map((part) => {
    if (part === '$file') return () => slot;
    if (part === '$line') return (_row, line) => String(line);
    const read = fieldReader(part);
    return (row) => fieldText(read(row));
  });
}

/** A record that cannot say who it is is known by its place in the file. */
export const placeKey = (slot: string, line: number): string => `@${slot}:${line}`;

/**
 * Compiles how a record of one slot is identified: business key, event time, business day and version.
 * A record without a readable key is known by its place; one without a readable time belongs to the slot's date.
 */
export function compileIdentity(rule: IdentityRule, place: Place): (row: Row, line: number) => Identity {
  const parts = keyParts(rule, place.slot);
  const readTime = fieldReader(rule.occurredAt.field);
  const instantOf = compileInstant(zoneOfField(rule.occurredAt, place.zones));
  const dayOf = businessDayClock(place.zones.store, place.cutOff);
  const readVersion = rule.version ? fieldReader(rule.version) : null;
  return (row, line) => {
    const values = parts.map((part) => part(row, line));
    const key = values.includes(null) ? placeKey(place.slot, line) : values.join('|');
    const epochMs = instantOf(readTime(row));
    const businessDate = epochMs === null ? place.slotDate : dayOf(epochMs);
    return { key, epochMs, businessDate, version: readVersion ? sortableVersion(readVersion(row)) : null };
  };
}
