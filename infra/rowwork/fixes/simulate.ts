import { formatExact } from '../../../domain/money.ts';
import type { Finding } from '../../../domain/publish/finding.ts';
import type { ChangedCheck, ChangedMetric, Fix, FixPreview, SimulatedFix } from '../../../domain/remediation/fix.ts';
import { loadDayModel } from '../../postgres/close/day-model.ts';
import type { Db } from '../../postgres/connect.ts';
import { computeDayValues } from '../../postgres/metrics/day-values.ts';
import { ALL_STORES } from '../../postgres/metrics/slices.ts';
import type { StoredValue } from '../../postgres/metrics/values.ts';
import { layDownFix } from '../../postgres/remediation/lay-down.ts';
import { undoing } from '../../postgres/session.ts';
import { type JudgedDay, judgeDay } from '../judge-day.ts';
import { valueText } from '../preview-metrics.ts';
import { type Trial, tryDay } from '../try-day.ts';
import { problemsOfEdits } from './edited-records.ts';
import type { Results, Situation } from './situation.ts';

/** Where a day is tried: everything of a trial but the model, which the fix decides. */
export type Bench = Omit<Trial, 'model' | 'date'>;

const sizeText = (micros: bigint): string => formatExact(micros < 0n ? -micros : micros);

/** What is left of a finding. */
type Left = Pick<SimulatedFix, 'resolves' | 'findingsLeft' | 'distance'>;

/**
 * A change to what is published is no finding of the day itself: it is gone where the number says again what it said.
 */
function changeLeft({ published, exception }: Situation, { values, findings }: JudgedDay): Left {
  const isTotal = (one: StoredValue) =>
    one.metric === exception.metric && one.storeId === exception.store_id && one.dimension === '';
  const change = (values.find(isTotal)?.valueMicros ?? 0n) - (published?.find(isTotal)?.valueMicros ?? 0n);
  const resolves = change === 0n;
  return { resolves, findingsLeft: findings.length + (resolves ? 0 : 1), distance: sizeText(change) };
}

/** Whether the finding is gone, and how far our number still is from theirs. */
function leftOf(situation: Situation, judged: JudgedDay): Left {
  if (situation.published) return changeLeft(situation, judged);
  const { findings } = judged;
  const same = findings.find((one) => isSame(one, situation));
  const difference = same?.differenceMicros ?? null;
  const distance = difference === null ? null : sizeText(difference);
  return { resolves: same === undefined, findingsLeft: findings.length, distance };
}

const isSame = (finding: Finding, { exception }: Situation): boolean =>
  finding.kind === exception.kind && finding.subject === exception.subject;

/**
 * Totals as they are shown, by name: of the store that the finding is about, or of the client; those of other stores
 * are named with theirs.
 */
function totalTexts({ model, exception, catalog }: Situation, values: readonly StoredValue[]) {
  const { stores } = model.document;
  const own = stores.length > 1 ? exception.store_id : stores[0]!.id;
  const isShown = ({ dimension, storeId }: StoredValue) =>
    dimension === '' && (storeId === own || storeId !== ALL_STORES);
  const nameOf = ({ metric, storeId }: StoredValue) => (storeId === own ? metric : `${metric}/${storeId}`);
  return new Map(values.filter(isShown).map((one) => [nameOf(one), valueText(catalog, one)]));
}

/** Every total of the place that the finding is about, and of other stores those that change. */
function changedMetrics(
  situation: Situation,
  before: readonly StoredValue[],
  after: readonly StoredValue[],
): ChangedMetric[] {
  const [old, now] = [totalTexts(situation, before), totalTexts(situation, after)];
  return [...new Set([...old.keys(), ...now.keys()])]
    .map((metric) => ({ metric, before: old.get(metric) ?? null, after: now.get(metric) ?? null }))
    .filter((one) => !one.metric.includes('/') || one.before !== one.after);
}

const STATUS = { matched: 'passed', difference: 'failed', not_reconciled: 'not_reconciled' } as const;

/** What checks and controls say, by name; one that looks at several places is named with each. */
function statuses(
  { model }: Situation,
  { checks, controls }: Pick<Results, 'checks' | 'controls'>,
): Map<string, string> {
  const several = model.document.stores.length > 1;
  const named = (...parts: (string | false)[]) => parts.filter(Boolean).join('/');
  return new Map([
    ...checks.map(
      ({ checkId, subject, status }) =>
        [named(checkId, several && 'store' in subject && subject.store), status] as const,
    ),
    ...controls.map((one) => [named(one.controlId, several && one.storeId, one.slice), STATUS[one.status]] as const),
  ]);
}

function changedChecks(situation: Situation, after: JudgedDay): ChangedCheck[] {
  const [old, now] = [statuses(situation, situation.before), statuses(situation, after)];
  return [...new Set([...old.keys(), ...now.keys()])]
    .map((check) => ({ check, before: old.get(check) ?? 'not_run', after: now.get(check) ?? 'not_run' }))
    .filter((one) => one.before !== one.after);
}

/** What the fix does to the numbers of other days, as the ledger is without it and as the trial sees it. */
async function otherDays(situation: Situation, tried: Db, dates: readonly string[]): Promise<FixPreview['otherDays']> {
  const { day, model, session } = situation;
  const days: { businessDate: string; metrics: ChangedMetric[] }[] = [];
  for (const businessDate of dates.filter((date) => date !== day.businessDate)) {
    const on = (db: Db) => computeDayValues([db], model.document, { clientId: day.clientId, businessDate }, []);
    const metrics = changedMetrics(situation, await on(session.db), await on(tried));
    const changed = metrics.filter((one) => one.before !== one.after);
    if (changed.length > 0) days.push({ businessDate, metrics: changed });
  }
  return days;
}

async function simulateChange(situation: Situation, bench: Bench, fix: Fix): Promise<SimulatedFix> {
  const { db } = bench.session;
  await layDownFix(db, situation.day, fix.change, 'simulation');
  const model = await loadDayModel(db, situation.day);
  const trial: Trial = { ...bench, model, date: situation.day.businessDate };
  const tried = await tryDay(trial);
  const judged = await judgeDay(trial, tried.answers);
  return {
    fix,
    preview: {
      metrics: changedMetrics(situation, situation.before.values, judged.values),
      checks: changedChecks(situation, judged),
      otherDays: await otherDays(situation, db, tried.dates),
    },
    problems: await problemsOfEdits(db, fix.change),
    ...leftOf(situation, judged),
  };
}

/** Accepting changes no number but those that are published: the finding stands, and a person answers for it. */
function simulateAccepting(situation: Situation, fix: Fix): SimulatedFix {
  const { values } = situation.before;
  const { control_id: control, subject } = situation.exception;
  return {
    fix,
    preview: {
      metrics: changedMetrics(situation, situation.published ?? values, values),
      checks: [{ check: control ?? subject, before: 'failed', after: 'accepted' }],
      otherDays: [],
    },
    resolves: true,
    findingsLeft: 0,
    distance: null,
  };
}

/** Works the day with the fix, by what the close itself does, in a transaction that is undone. */
export async function simulateFix(situation: Situation, bench: Bench, fix: Fix): Promise<SimulatedFix> {
  if (fix.change.by === 'accepting') return simulateAccepting(situation, fix);
  return undoing(bench.session, () => simulateChange(situation, bench, fix));
}
