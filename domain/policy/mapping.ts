import { compileRecordSchema } from '../../schemas/ajv.ts';
import { KINDS_BY_BOOK } from '../../schemas/operating-model/kinds.ts';
import type { Mapping, MappingCase, MappingEntry } from '../../schemas/operating-model.ts';
import type { Steps } from '../../schemas/path.ts';
import type { Problem } from '../../schemas/problem.ts';
import { problem, quoted, type Rule, sound } from './rule.ts';

function exactlyOne(value: object, keys: readonly string[], at: Steps): readonly Problem[] {
  const stated = keys.filter((key) => (value as Record<string, unknown>)[key] !== undefined);
  if (stated.length === 1) return [];
  return [problem(at, stated.join(' and ') || `none of ${keys.join(', ')}`, `exactly one of ${keys.join(', ')}`)];
}

const isOfItem = (field: string) => field === 'item' || field.startsWith('item.');

function judgePart(part: MappingCase & MappingEntry, mapping: Mapping, at: Steps): readonly Problem[] {
  const book = part.book ?? mapping.book ?? 'sales';
  const kinds: readonly string[] = KINDS_BY_BOOK[book];
  const amount = part.amount ?? mapping.amount;
  const { of = [], part: portion = [], whole = [] } = part.share ?? {};
  const shared = [of, portion, whole].flat();
  const fields = [...(part.share ? [] : (amount ?? [])), ...shared, part.occurredAt?.field ?? '', part.order ?? ''];
  const stray = part.each === undefined ? fields.filter(isOfItem) : [];
  return [
    ...(kinds.includes(part.is)
      ? []
      : [problem([...at, 'is'], quoted(part.is), `a kind of the book ${book}: ${kinds.join(', ')}`)]),
    ...(part.amount && part.share ? [problem(at, 'amount and share', 'exactly one of amount, share')] : []),
    ...(part.share && part.each === undefined && part.share.whole === undefined
      ? [problem([...at, 'share', 'whole'], 'nothing', 'the whole, or a list to sum it over in `each`')]
      : []),
    ...(amount || part.share
      ? []
      : [problem([...at, 'amount'], 'nothing', 'the fields whose product is the amount, here or in the mapping')]),
    ...stray.map((field) => problem(at, quoted(field), 'a field of the record, or a list to read it from in `each`')),
  ];
}

/** A mapping says for every record which entries it makes, of kinds that their book has. */
export const mappingsAreComplete: Rule = (model, context) =>
  sound(model, 'sources', context).flatMap(({ item: { mapping }, at }) => [
    ...exactlyOne(mapping, ['cases', 'entries'], [...at, 'mapping']),
    ...(['cases', 'entries'] as const).flatMap((key) =>
      (mapping[key] ?? []).flatMap((part, index) => judgePart(part, mapping, [...at, 'mapping', key, index])),
    ),
  ]);

/** A metric is defined in one way, over kinds that its book has. */
export const definitionsAreComplete: Rule = (model, context) =>
  sound(model, 'metrics', context).flatMap(({ item, at }) => {
    const forms = (['sum', 'count'] as const).flatMap((form) => {
      const { book = 'sales', kinds } = item[form] ?? { kinds: [] };
      const known: readonly string[] = ['*', ...KINDS_BY_BOOK[book]];
      return kinds.flatMap((kind, index) =>
        known.includes(kind)
          ? []
          : [problem([...at, form, 'kinds', index], quoted(kind), `one of ${known.join(', ')}`)],
      );
    });
    return [...exactlyOne(item, ['sum', 'count', 'ratio'], at), ...forms];
  });

/** Own metrics that a metric is made of, at any depth; the standard ones are made of standard ones alone. */
function madeOf(id: string, parts: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (part: string) => {
    if (found.has(part)) return;
    found.add(part);
    parts.get(part)?.forEach(visit);
  };
  parts.get(id)?.forEach(visit);
  return found;
}

/** No metric is made of itself. */
export const definitionsEnd: Rule = (model, context) => {
  const metrics = sound(model, 'metrics', context);
  const parts = new Map(
    metrics.map(({ item: { id, ratio } }) => [id, ratio ? [ratio.numerator, ratio.denominator] : []]),
  );
  return metrics.flatMap(({ item, at }) =>
    madeOf(item.id, parts).has(item.id) ? [problem([...at, 'ratio'], 'a ratio made of itself', 'other metrics')] : [],
  );
};

/** The schema of every source's records can be compiled. */
export const schemasCompile: Rule = (model, context) =>
  [...sound(model, 'sources', context), ...sound(model, 'handoffs', context)].flatMap(({ item, at }) => {
    if (typeof item.schema !== 'object') return [];
    try {
      compileRecordSchema(item.schema);
      return [];
    } catch (error) {
      return [problem([...at, 'schema'], (error as Error).message, 'a JSON Schema that can be compiled')];
    }
  });

const hasDate = (location: string) => location.includes('{date}');

/** A day's data and a day's total can be found by the day. */
export const daysCanBeFound: Rule = (model, context) => {
  const sources = sound(model, 'sources', context).flatMap(({ item: { options }, at }) =>
    hasDate(options.location)
      ? []
      : [problem([...at, 'options', 'location'], quoted(options.location), 'a path with {date} in it')],
  );
  const controls = sound(model, 'controls', context).flatMap(({ item, at }) => {
    if (item.connector !== 'file' || hasDate(item.options.location) || item.options.dateField) return [];
    return [
      problem([...at, 'options', 'dateField'], 'nothing', 'the field with the business day, or {date} in the location'),
    ];
  });
  return [...sources, ...controls];
};

/** A check that judges by limits has one. */
export const checksHaveLimits: Rule = (model, context) =>
  sound(model, 'checks', context).flatMap(({ item, at }) => {
    const limits = {
      quarantine: ['maximumShare', 'maximumAmount'],
      safety_bound: ['minimum', 'maximum', 'maximumChange'],
    };
    const keys = limits[item.kind as keyof typeof limits] ?? [];
    const stated = keys.some((key) => (item as Record<string, unknown>)[key] !== undefined);
    return keys.length === 0 || stated ? [] : [problem(at, 'no limit', `at least one of ${keys.join(', ')}`)];
  });
