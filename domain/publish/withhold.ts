import type { OperatingModel } from '../../schemas/operating-model.ts';
import type { Catalog } from '../metrics/catalog.ts';
import { missingRates } from '../rates.ts';
import type { Finding } from './finding.ts';
import { restsOn, sourcesOf } from './streams.ts';
import { compileVouching, type JudgedControl } from './vouching.ts';

export type NumberKey = { metric: string; storeId: string; dimension: string; member: string };
/** Why a number is withheld. `finding` is null where no exception stands behind it. */
export type Withheld = { reason: string; finding: Finding | null };

const HISTORY_METRICS = new Set(['new_customers', 'returning_customers']);
const overlap = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean => [...a].some((one) => b.has(one));

export type WithholdInput = {
  model: OperatingModel;
  catalog: Catalog;
  date: string;
  controls: readonly JudgedControl[];
  findings: readonly Finding[];
};
type Reach = (finding: Finding, metric: string, storeId: string) => boolean;

/** How far a finding reaches among the metrics of a store. */
function compileReach({ model, catalog, controls }: WithholdInput): Reach {
  const isVouchedFor = compileVouching(model, controls);
  const sources = new Map<string, ReadonlySet<string>>();
  const readBy = (metric: string): ReadonlySet<string> => {
    const known = sources.get(metric) ?? sourcesOf(model, catalog, metric);
    sources.set(metric, known);
    return known;
  };
  return (finding, metric, storeId) => {
    if (finding.kind === 'safety_bound') return true;
    if (finding.source) return readBy(metric).has(finding.source);
    if (!finding.metric) return false;
    if (restsOn(catalog, metric, new Set([finding.metric]))) return true;
    if (!finding.controlId || finding.slice !== '') return false;
    return overlap(readBy(metric), readBy(finding.metric)) && !isVouchedFor(metric, storeId);
  };
}

/** The client's own numbers (no store) are made of its stores': a finding on one store is a finding on them. */
function isAtPlace(finding: Finding, key: NumberKey): boolean {
  if (finding.kind === 'safety_bound') return true;
  if (finding.store && key.storeId !== '' && finding.store !== key.storeId) return false;
  return finding.slice === '' || (key.dimension === finding.dimension && key.member === finding.slice);
}

function lacksHistory(model: OperatingModel, date: string, metric: string): boolean {
  const from = model.client.customerHistoryFrom;
  return HISTORY_METRICS.has(metric) && (from === undefined || from > date);
}

/** A total over stores in another currency needs a stored rate; a count needs none. */
function lacksRate(model: OperatingModel, catalog: Catalog, date: string, key: NumberKey): boolean {
  return key.storeId === '' && catalog.get(key.metric)?.unit !== 'count' && missingRates(model, date).length > 0;
}

/**
 * Compiles what findings withhold. A failing control withholds its metric, what is derived from it, and every metric
 * that reads a stream which that metric reads, unless that one has its own matched control; a finding on a source
 * withholds every metric that reads the source; a finding on a slice withholds that slice and what is derived from it;
 * a broken safety bound parks the client: nothing of the day goes out until a person has looked.
 */
export function compileWithholding(input: WithholdInput): (key: NumberKey) => Withheld | null {
  const { model, catalog, date, findings } = input;
  const reaches = compileReach(input);
  const reaching = new Map<string, Finding[]>();
  const findingsOn = ({ metric, storeId }: NumberKey): Finding[] => {
    const place = `${storeId}/${metric}`;
    const known = reaching.get(place) ?? findings.filter((finding) => reaches(finding, metric, storeId));
    reaching.set(place, known);
    return known;
  };
  return (key) => {
    const finding = findingsOn(key).find((one) => isAtPlace(one, key));
    if (finding) return { reason: finding.message, finding };
    if (lacksRate(model, catalog, date, key)) return { reason: 'no_currency_rate', finding: null };
    return lacksHistory(model, date, key.metric) ? { reason: 'insufficient_history', finding: null } : null;
  };
}
