import type { DraftModel } from '../../schemas/operating-model.ts';
import type { Steps } from '../../schemas/path.ts';
import type { Problem } from '../../schemas/problem.ts';
import { STANDARD_METRIC_IDS } from '../metrics/library.ts';
import { governed } from './contracts.ts';
import { idsOf, oneOf, type PolicyContext, problem, quoted, type Rule, section, sound } from './rule.ts';

type Reference = { readonly id: string | undefined; readonly at: Steps };

const unknown = (references: readonly Reference[], known: readonly string[], what: string): readonly Problem[] =>
  references.flatMap(({ id, at }) =>
    id === undefined || known.includes(id) ? [] : [problem(at, quoted(id), oneOf(known, what))],
  );

const keysOf = (map: object | undefined, at: Steps): readonly Reference[] =>
  Object.keys(map ?? {})
    .filter((id) => id !== '*')
    .map((id) => ({ id, at: [...at, id] }));

function metricReferences(model: DraftModel, context: PolicyContext): readonly Reference[] {
  const report = section(model, 'report', context)?.metrics ?? [];
  const measured = [...sound(model, 'checks', context), ...sound(model, 'controls', context)];
  return [
    ...report.map((id, index) => ({ id, at: ['report', 'metrics', index] })),
    ...measured.map(({ item, at }) => ({ id: 'metric' in item ? item.metric : undefined, at: [...at, 'metric'] })),
    ...sound(model, 'metrics', context).flatMap(({ item, at }) => [
      { id: item.ratio?.numerator, at: [...at, 'ratio', 'numerator'] },
      { id: item.ratio?.denominator, at: [...at, 'ratio', 'denominator'] },
    ]),
    ...keysOf(section(model, 'systemOfRecord', context), ['systemOfRecord']),
    ...keysOf(section(model, 'revisions', context)?.metrics, ['revisions', 'metrics']),
    ...governed(model, context).flatMap(({ terms, at }) =>
      (terms.makerChecker?.metrics ?? []).map((id, index) => ({ id, at: [...at, 'makerChecker', 'metrics', index] })),
    ),
  ];
}

/** Metrics that are used are defined, here or in the standard library. */
export const metricsExist: Rule = (model, context) => {
  const known = [...STANDARD_METRIC_IDS, ...idsOf(model.metrics)];
  const used = metricReferences(model, context);
  const named = new Set(used.map(({ id }) => id));
  // `owners` lists whatever is used; there is a problem with the use already.
  const owned = keysOf(section(model, 'owners', context)?.metrics, ['owners', 'metrics']);
  return unknown([...used, ...owned.filter(({ id }) => !named.has(id))], known, 'a metric');
};

/** Sources that are named are there. */
export const sourcesExist: Rule = (model, context) => {
  const checks = sound(model, 'checks', context).map(({ item, at }) => ({
    id: 'source' in item ? item.source : undefined,
    at: [...at, 'source'],
  }));
  const handoffs = sound(model, 'handoffs', context).map(({ item, at }) => ({
    id: item.source,
    at: [...at, 'source'],
  }));
  const records = Object.entries(section(model, 'systemOfRecord', context) ?? {}).map(([metric, id]) => ({
    id,
    at: ['systemOfRecord', metric],
  }));
  const owned = keysOf(section(model, 'owners', context)?.transforms, ['owners', 'transforms']);
  const revised = keysOf(section(model, 'revisions', context)?.sources, ['revisions', 'sources']);
  return unknown([...checks, ...handoffs, ...records, ...owned, ...revised], idsOf(model.sources), 'a source');
};

/** Every source belongs to a store that is there; with several stores it says to which. */
export const storesExist: Rule = (model, context) => {
  const stores = idsOf(model.stores);
  const sources = sound(model, 'sources', context);
  const unsaid = sources.flatMap(({ item, at }) =>
    item.store === undefined ? [problem([...at, 'store'], 'nothing', oneOf(stores, 'a store'))] : [],
  );
  const named = [...sources, ...sound(model, 'controls', context)];
  const references = named.map(({ item, at }) => ({ id: item.store, at: [...at, 'store'] }));
  return [...unsaid, ...unknown(references, stores, 'a store')];
};

/** Dimensions that every mapping may fill; a mapping may declare more. */
const DIMENSIONS = ['channel', 'campaign', 'gateway'];

/** Slices are by dimensions that some mapping declares. */
export const dimensionsExist: Rule = (model, context) => {
  const declared = sound(model, 'sources', context).flatMap(({ item }) => Object.keys(item.mapping.dimensions ?? {}));
  const slices = (section(model, 'report', context)?.slices ?? []).map((id, index) => ({
    id,
    at: ['report', 'slices', index],
  }));
  const controls = sound(model, 'controls', context).map(({ item, at }) => ({ id: item.slice, at: [...at, 'slice'] }));
  return unknown([...slices, ...controls], [...new Set([...DIMENSIONS, ...declared])], 'a dimension');
};

const LISTS = ['people', 'stores', 'sources', 'metrics', 'checks', 'controls', 'handoffs'] as const;

function repeated(list: readonly { id?: unknown }[], at: Steps): readonly Problem[] {
  const ids = list.map((item) => item?.id);
  return ids.flatMap((id, index) =>
    typeof id === 'string' && ids.indexOf(id) < index
      ? [problem([...at, index, 'id'], `${quoted(id)}, a second time`, 'an id of its own')]
      : [],
  );
}

/** An id stands for one thing; a metric does not take the id of one of the standard library. */
export const idsAreUnique: Rule = (model, context) => {
  const lists = LISTS.flatMap((name) => repeated(model[name], [name]));
  const destinations = repeated(section(model, 'report', context)?.destinations ?? [], ['report', 'destinations']);
  const standard = sound(model, 'metrics', context).flatMap(({ item, at }) =>
    STANDARD_METRIC_IDS.includes(item.id)
      ? [problem([...at, 'id'], `${quoted(item.id)}, a metric of the standard library`, 'an id of its own')]
      : [],
  );
  return [...lists, ...destinations, ...standard];
};
