import type { OperatingModel } from '../../schemas/operating-model.ts';
import type { Catalog } from '../metrics/catalog.ts';
import { missingRates } from '../rates.ts';
import type { ControlResult } from '../reconcile.ts';
import type { Finding } from './finding.ts';
import { restsOn, sourcesOf } from './streams.ts';

export type NumberKey = { metric: string; storeId: string; dimension: string; member: string };
/** Why a number is withheld. `finding` is null where no exception stands behind it. */
export type Withheld = { reason: string; finding: Finding | null };

const HISTORY_METRICS = new Set(['new_customers', 'returning_customers']);
const overlap = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean => [...a].some((one) => b.has(one));

/** The metrics with a control of their own that matched: a neighbour's failing control does not touch them. */
function vouchedFor(controls: readonly Pick<ControlResult, 'metric' | 'status' | 'slice'>[]): ReadonlySet<string> {
  const failing = new Set(controls.filter((one) => one.status !== 'matched').map((one) => one.metric));
  return new Set(
    controls.filter((one) => one.status === 'matched' && !failing.has(one.metric)).map((one) => one.metric),
  );
}

function touches(
  model: OperatingModel,
  catalog: Catalog,
  vouched: ReadonlySet<string>,
  finding: Finding,
  metric: string,
): boolean {
  if (finding.source) return sourcesOf(model, catalog, metric).has(finding.source);
  if (!finding.metric) return false;
  if (restsOn(catalog, metric, new Set([finding.metric]))) return true;
  if (!finding.controlId || finding.slice !== '') return false;
  return !vouched.has(metric) && overlap(sourcesOf(model, catalog, metric), sourcesOf(model, catalog, finding.metric));
}

/** The client's own numbers (no store) are made of its stores': a finding on one store is a finding on them. */
function sameSlice(finding: Finding, key: NumberKey): boolean {
  if (finding.store && key.storeId !== '' && finding.store !== key.storeId) return false;
  return finding.slice === '' || key.member === finding.slice;
}

function lacksHistory(model: OperatingModel, date: string, metric: string): boolean {
  const from = model.client.customerHistoryFrom;
  return HISTORY_METRICS.has(metric) && (from === undefined || from > date);
}

/** A total over stores in another currency needs a stored rate; a count needs none. */
function lacksRate(model: OperatingModel, catalog: Catalog, date: string, key: NumberKey): boolean {
  return key.storeId === '' && catalog.get(key.metric)?.unit !== 'count' && missingRates(model, date).length > 0;
}

export type WithholdInput = {
  model: OperatingModel;
  catalog: Catalog;
  date: string;
  controls: readonly Pick<ControlResult, 'metric' | 'status' | 'slice'>[];
  findings: readonly Finding[];
};

/**
 * Compiles what findings withhold. A failing control withholds its metric, what is derived from it, and every metric
 * that reads a stream which that metric reads, unless that one has its own matched control; a finding on a source
 * withholds every metric that reads the source; a finding on a slice withholds that slice.
 */
export function compileWithholding({
  model,
  catalog,
  date,
  controls,
  findings,
}: WithholdInput): (key: NumberKey) => Withheld | null {
  const vouched = vouchedFor(controls);
  const touched = new Map<string, Finding[]>();
  const findingsOn = (metric: string): Finding[] => {
    const known =
      touched.get(metric) ?? findings.filter((finding) => touches(model, catalog, vouched, finding, metric));
    touched.set(metric, known);
    return known;
  };
  return (key) => {
    const finding = findingsOn(key.metric).find((one) => sameSlice(one, key));
    if (finding) return { reason: finding.message, finding };
    if (lacksRate(model, catalog, date, key)) return { reason: 'no_currency_rate', finding: null };
    return lacksHistory(model, date, key.metric) ? { reason: 'insufficient_history', finding: null } : null;
  };
}
