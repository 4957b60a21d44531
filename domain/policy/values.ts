import { IANAZone } from 'luxon';
import { isDate } from '../../schemas/formats.ts';
import type { DraftModel } from '../../schemas/operating-model.ts';
import type { Steps } from '../../schemas/path.ts';
import type { Problem } from '../../schemas/problem.ts';
import { isCurrency } from '../currency.ts';
import { type PolicyContext, problem, quoted, type Rule, section, sound } from './rule.ts';

const judgeZone = (zone: string, at: Steps): readonly Problem[] =>
  IANAZone.isValidZone(zone) ? [] : [problem(at, quoted(zone), 'an IANA time zone, such as Europe/London')];

/** Time zones are in the IANA database of this machine. */
export const zonesExist: Rule = (model, context) => {
  const client = section(model, 'client', context);
  const places = [...sound(model, 'stores', context), ...sound(model, 'people', context)];
  return [
    ...(client ? judgeZone(client.timezone, ['client', 'timezone']) : []),
    ...places.flatMap(({ item, at }) => judgeZone(item.timezone, [...at, 'timezone'])),
    ...sound(model, 'sources', context).flatMap(({ item: { mapping }, at }) => {
      const own = [{ occurredAt: mapping.occurredAt, steps: [...at, 'mapping'] as Steps }];
      const parts = (['cases', 'entries'] as const).flatMap((key) =>
        (mapping[key] ?? []).map(({ occurredAt }, index) => ({ occurredAt, steps: [...at, 'mapping', key, index] })),
      );
      return [...own, ...parts].flatMap(({ occurredAt, steps }) => {
        const zone = occurredAt?.zone;
        return !zone || zone === 'client' || zone === 'store' ? [] : judgeZone(zone, [...steps, 'occurredAt', 'zone']);
      });
    }),
  ];
};

/** Currencies are in ISO's own list. */
export const currenciesExist: Rule = (model, context) => {
  const client = section(model, 'client', context);
  const stated = [
    ...(client ? [{ currency: client.currency, at: ['client', 'currency'] as Steps }] : []),
    ...sound(model, 'stores', context).map(({ item, at }) => ({ currency: item.currency, at: [...at, 'currency'] })),
  ];
  return stated.flatMap(({ currency, at }) =>
    isCurrency(currency) ? [] : [problem(at, quoted(currency), 'a currency of ISO 4217, such as GBP')],
  );
};

function judgeRange(range: string, at: Steps): readonly Problem[] {
  const [from = '', to = from] = range.split('/');
  if (isDate(from) && isDate(to) && from <= to) return [];
  return [problem(at, quoted(range), 'dates that exist, the earlier first, such as 2026-12-24/2027-01-03')];
}

/** Date ranges are of dates that exist, the earlier first. */
export const rangesAreValid: Rule = (model, context) => {
  const closed = section(model, 'calendar', context)?.closedDates ?? [];
  return [
    ...closed.flatMap((range, index) => judgeRange(range, ['calendar', 'closedDates', index])),
    ...sound(model, 'people', context).flatMap(({ item, at }) =>
      (item.leave ?? []).flatMap((range, index) => judgeRange(range, [...at, 'leave', index])),
    ),
  ];
};

/** A working day ends after it starts. */
export const hoursAreValid: Rule = (model, context) =>
  Object.entries(section(model, 'hours', context) ?? {}).flatMap(([name, { from, to }]) =>
    from < to ? [] : [problem(['hours', name, 'to'], quoted(to), `a time after ${from}`)],
  );

const LIMITS = ['maximumShare', 'maximumAmount', 'ignoreBelow'] as const;

type Limit = { key: string; limit: string | undefined; at: Steps };

function revisionLimits(model: DraftModel, context: PolicyContext): Limit[] {
  const stated = section(model, 'revisions', context);
  return (['metrics', 'sources'] as const).flatMap((kind) =>
    Object.entries(stated?.[kind] ?? {}).flatMap(([id, { tolerance }]) =>
      (['absolute', 'percent'] as const).map((key) => ({
        key,
        limit: tolerance?.[key],
        at: ['revisions', kind, id, 'tolerance', key],
      })),
    ),
  );
}

/** Limits and tolerances are not negative; a share is at most 1. */
export const limitsAreSane: Rule = (model, context) => {
  const ofChecks = sound(model, 'checks', context).flatMap(({ item, at }) =>
    LIMITS.map((key) => ({ key, limit: (item as { [K in typeof key]?: string })[key], at: [...at, key] })),
  );
  const ofControls = sound(model, 'controls', context).flatMap(({ item, at }) =>
    (['absolute', 'percent', 'monthAbsolute'] as const).map((key) => ({
      key,
      limit: item.tolerance[key],
      at: [...at, 'tolerance', key],
    })),
  );
  return [...ofChecks, ...ofControls, ...revisionLimits(model, context)].flatMap(({ key, limit, at }) => {
    if (limit === undefined) return [];
    if (limit.startsWith('-')) return [problem(at, quoted(limit), 'zero or more')];
    return key === 'maximumShare' && Number(limit) > 1 ? [problem(at, quoted(limit), 'a share from "0" to "1"')] : [];
  });
};
