import type { CheckResult } from '../../../domain/checks/result.ts';
import { metricCatalog } from '../../../domain/metrics/catalog.ts';
import { certificateState } from '../../../domain/publish/certify.ts';
import { findingsOf } from '../../../domain/publish/finding.ts';
import { isReconciledDay } from '../../../domain/publish/vouching.ts';
import { compileWithholding } from '../../../domain/publish/withhold.ts';
import type { ControlResult } from '../../../domain/reconcile.ts';
import { draftModel } from '../../../infra/operating-model/draft-model.ts';
import type { OperatingModel } from '../../../schemas/operating-model.ts';
import { fileControl, orderSource, shopDocument } from '../../support/small-shop.ts';

const DATE = '2026-03-10';
const METRICS = ['gross_sales', 'discounts', 'net_sales', 'taxes', 'total_sales', 'orders', 'ad_spend', 'blended_roas'];

const spending = orderSource('ads', {
  mapping: {
    key: ['id'],
    occurredAt: { field: 'at' },
    book: 'marketing',
    entries: [{ is: 'spend', amount: ['amount'] }],
  },
});

function modelOf(over: Record<string, unknown> = {}): OperatingModel {
  const { base, files } = shopDocument('/shop', {
    sources: [orderSource(), spending],
    controls: [
      fileControl('gross_sales', { slice: 'desk' }, {}, 'by-desk'),
      ...['gross_sales', 'net_sales', 'taxes', 'ad_spend'].map((id) => fileControl(id, {}, {}, id.replace('_', '-'))),
    ],
    report: { metrics: METRICS },
    ...over,
  });
  const drafted = draftModel(files, base, DATE);
  if (!drafted.ok) throw new Error(JSON.stringify(drafted.problems));
  return drafted.model;
}

const control = (
  controlId: string,
  metric: string,
  status: ControlResult['status'],
  more: Partial<ControlResult> = {},
): ControlResult => ({
  controlId,
  metric,
  status,
  storeId: 'main',
  slice: '',
  oursMicros: 1n,
  theirsMicros: 2n,
  differenceMicros: -1n,
  unreconciledMicros: -1n,
  monthDifferenceMicros: -1n,
  currency: 'USD',
  sourceTotalId: 1n,
  message: 'differs',
  items: [],
  ...more,
});

const check = (
  kind: CheckResult['kind'],
  subject: CheckResult['subject'],
  more: Partial<CheckResult> = {},
): CheckResult => ({
  checkId: `a-${kind}`,
  kind,
  severity: 'block',
  subject,
  status: 'failed',
  message: 'broken',
  observed: {},
  ...more,
});

type Found = { model?: OperatingModel; checks?: CheckResult[]; controls?: ControlResult[] };
type Place = { storeId?: string; dimension?: string; member?: string };

/** The metrics of a place that are withheld. */
function withheld({ model = modelOf(), checks = [], controls = [] }: Found, place: Place = {}): string[] {
  const findings = findingsOf(model, checks, controls);
  const withhold = compileWithholding({ model, catalog: metricCatalog(model), date: DATE, controls, findings });
  const key = { storeId: model.stores[0]!.id, dimension: '', member: '', ...place };
  return METRICS.filter((metric) => withhold({ metric, ...key }) !== null);
}

const OF_SALES = ['gross_sales', 'discounts', 'net_sales', 'taxes', 'total_sales', 'orders', 'blended_roas'];
const main = modelOf().stores[0]!.id;
const failing = (controlId: string, metric: string, more: Partial<ControlResult> = {}) =>
  control(controlId, metric, 'difference', { storeId: main, ...more });
const matching = (controlId: string, metric: string, more: Partial<ControlResult> = {}) =>
  control(controlId, metric, 'matched', { storeId: main, ...more });

describe('what a finding withholds', () => {
  test('a failing control withholds its metric, what is derived from it, and every metric that reads its stream', () => {
    expect(withheld({ controls: [failing('gross-sales', 'gross_sales')] })).toEqual(OF_SALES);
    expect(withheld({ controls: [failing('ad-spend', 'ad_spend')] })).toEqual(['ad_spend', 'blended_roas']);
  });

  test('a metric with a matched control of its own is not touched by a neighbour’s', () => {
    const controls = [failing('gross-sales', 'gross_sales'), matching('taxes', 'taxes')];
    expect(withheld({ controls })).toEqual(OF_SALES.filter((id) => id !== 'taxes'));
  });

  test('a matched control does not free what is derived from the failing metric', () => {
    const controls = [failing('gross-sales', 'gross_sales'), matching('net-sales', 'net_sales')];
    expect(withheld({ controls })).toContain('net_sales');
  });

  test.each(['completeness', 'quarantine', 'drift', 'source'] as const)(
    'a blocked %s check withholds every metric that reads the source',
    (kind) => {
      expect(withheld({ checks: [check(kind, { source: 'shop' })], controls: [matching('taxes', 'taxes')] })).toEqual(
        OF_SALES,
      );
      expect(withheld({ checks: [check(kind, { source: 'ads' })] })).toEqual(['ad_spend', 'blended_roas']);
    },
  );

  test('a check that only warns, passes or learns withholds nothing', () => {
    const subject = { source: 'shop' };
    const checks = [
      check('quarantine', subject, { severity: 'warn' }),
      check('drift', subject, { status: 'passed' }),
      check('anomaly', { metric: 'orders', store: main }, { status: 'learning' }),
    ];
    expect(withheld({ checks })).toEqual([]);
  });

  test('an anomaly withholds its metric and what is derived from it; a broken safety bound parks the client', () => {
    const subject = { metric: 'net_sales', store: main };
    expect(withheld({ checks: [check('anomaly', subject)] })).toEqual(['net_sales', 'total_sales', 'blended_roas']);
    expect(withheld({ checks: [check('safety_bound', subject)] })).toEqual(METRICS);
  });

  test('not_reconciled is published as such, unless the control requires a total', () => {
    const controls = [control('ad-spend', 'ad_spend', 'not_reconciled', { storeId: main })];
    expect(withheld({ controls })).toEqual([]);
    const model = modelOf({ controls: [fileControl('ad_spend', { required: true }, {}, 'ad-spend')] });
    expect(withheld({ model, controls })).toEqual(['ad_spend', 'blended_roas']);
  });

  test('a finding on a slice withholds that slice and what is derived from it, nothing else', () => {
    const controls = [failing('by-desk', 'gross_sales', { slice: 'web' })];
    expect(withheld({ controls }, { dimension: 'desk', member: 'web' })).toEqual([
      'gross_sales',
      'net_sales',
      'total_sales',
      'blended_roas',
    ]);
    expect(withheld({ controls }, { dimension: 'desk', member: 'phone' })).toEqual([]);
    expect(withheld({ controls }, { dimension: 'channel', member: 'web' })).toEqual([]);
    expect(withheld({ controls })).toEqual([]);
  });

  test('a finding on one store withholds that store and the client, not another store', () => {
    const stores = [
      { id: 'us', name: 'US' },
      { id: 'eu', name: 'EU' },
    ];
    const model = modelOf({
      stores,
      sources: [orderSource('us-shop', { store: 'us' }), orderSource('eu-shop', { store: 'eu' })],
      report: { metrics: ['gross_sales', 'orders'] },
      controls: [fileControl('gross_sales', {}, { storeField: 'by' }, 'platform')],
    });
    const controls = [
      failing('platform', 'gross_sales', { storeId: 'us' }),
      matching('platform', 'gross_sales', { storeId: 'eu' }),
    ];
    const checks = [check('completeness', { source: 'us-shop' })];
    for (const found of [
      { model, controls },
      { model, checks },
    ]) {
      expect(withheld(found, { storeId: 'us' })).toContain('gross_sales');
      expect(withheld(found, { storeId: '' })).toContain('gross_sales');
      expect(withheld(found, { storeId: 'eu' })).toEqual([]);
    }
  });

  test('new and returning are withheld without an exception where there is not enough history', () => {
    const model = modelOf();
    const withhold = (from?: string) => {
      const known = { ...model, client: { ...model.client, ...(from && { customerHistoryFrom: from }) } };
      return compileWithholding({
        model: known,
        catalog: metricCatalog(model),
        date: DATE,
        controls: [],
        findings: [],
      });
    };
    const key = { metric: 'new_customers', storeId: main, dimension: '', member: '' };
    expect(withhold()(key)).toEqual({ reason: 'insufficient_history', finding: null });
    expect(withhold('2026-03-11')(key)).not.toBeNull();
    expect(withhold('2020-01-01')(key)).toBeNull();
  });
});

describe('what a certificate says', () => {
  const matched = { status: 'matched' as const };
  test('reconciled only by controls of its own that all match', () => {
    expect(certificateState(false, [matched, matched])).toBe('reconciled');
    expect(certificateState(false, [matched, { status: 'not_reconciled' }])).toBe('unreconciled');
    expect(certificateState(false, [])).toBe('unreconciled');
  });

  test('qualified by an accepted finding of any kind, matched or not', () => {
    expect(certificateState(true, [matched])).toBe('qualified');
  });

  test('a day is called reconciled when it has controls and all match', () => {
    expect(isReconciledDay([matched, matched])).toBe(true);
    expect(isReconciledDay([matched, { status: 'not_reconciled' }])).toBe(false);
    expect(isReconciledDay([])).toBe(false);
  });
});
