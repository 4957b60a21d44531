import type { OperatingModel } from '../../schemas/operating-model.ts';
import { blocks, type CheckResult } from '../checks/result.ts';
import type { ControlResult } from '../reconcile.ts';

const CHECK_KINDS: Readonly<Record<CheckResult['kind'], true>> = {
  source: true,
  completeness: true,
  quarantine: true,
  row: true,
  duplicates: true,
  drift: true,
  safety_bound: true,
  anomaly: true,
};
const OTHER_KINDS = ['control_difference', 'control_missing', 'handoff', 'revision'] as const;
export type FindingKind = (typeof OTHER_KINDS)[number] | keyof typeof CHECK_KINDS;
export const FINDING_KINDS: readonly string[] = [...OTHER_KINDS, ...Object.keys(CHECK_KINDS)];

/** Something that withholds numbers until it is healed or a person decides. One finding is one exception. */
export type Finding = {
  kind: FindingKind;
  /** What it is about, stable over attempts: the same cause again is the same finding. */
  subject: string;
  metric: string | null;
  source: string | null;
  store: string | null;
  /** The member of `dimension` that it is about; '' is the whole. */
  slice: string;
  dimension: string;
  controlId: string | null;
  differenceMicros: bigint | null;
  currency: string | null;
  message: string;
};

type Control = Omit<ControlResult, 'items'>;

/** `gross_sales of store eu, channel paid`: what a control compared, as far as it is not plain. */
function placeOf({ stores, controls }: OperatingModel, { controlId, metric, storeId, slice }: Control): string {
  const store = stores.length > 1 && storeId !== '' ? ` of store ${storeId}` : '';
  const dimension = controls.find((one) => one.id === controlId)?.slice;
  return `${metric}${store}${slice === '' ? '' : `, ${dimension ?? 'slice'} ${slice}`}`;
}

/** What a finding of a control is about: `till-daily`, `till-daily/eu/paid`. */
export const controlSubject = (controlId: string, storeId: string, slice: string): string =>
  [controlId, storeId, slice].filter(Boolean).join('/');

function controlFinding(model: OperatingModel, result: Control): Finding[] {
  const control = model.controls.find((one) => one.id === result.controlId);
  if (result.status === 'matched' || (result.status === 'not_reconciled' && !control?.required)) return [];
  return [
    {
      kind: result.status === 'difference' ? 'control_difference' : 'control_missing',
      subject: controlSubject(result.controlId, result.storeId, result.slice),
      metric: result.metric,
      source: null,
      store: result.storeId,
      slice: result.slice,
      dimension: result.slice === '' ? '' : (control?.slice ?? ''),
      controlId: result.controlId,
      differenceMicros: result.differenceMicros,
      currency: result.currency,
      message: `${placeOf(model, result)}: ${result.message}`,
    },
  ];
}

function checkFinding(model: OperatingModel, result: CheckResult): Finding[] {
  if (!blocks(result)) return [];
  const source = 'source' in result.subject ? result.subject.source : null;
  const metric = 'metric' in result.subject ? result.subject.metric : null;
  const ownStore = 'store' in result.subject ? result.subject.store : null;
  const store = ownStore ?? model.sources.find((one) => one.id === source)?.store ?? null;
  const subject = [result.checkId, ownStore].filter(Boolean).join('/');
  return [
    {
      kind: result.kind,
      subject,
      metric,
      source,
      store,
      slice: '',
      dimension: '',
      controlId: null,
      differenceMicros: null,
      currency: null,
      message: result.message,
    },
  ];
}

/** Everything that stands in the way of publishing, checks before controls. */
export function findingsOf(
  model: OperatingModel,
  checks: readonly CheckResult[],
  controls: readonly Control[],
): Finding[] {
  return [
    ...checks.flatMap((check) => checkFinding(model, check)),
    ...controls.flatMap((control) => controlFinding(model, control)),
  ];
}
