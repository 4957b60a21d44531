import { metricCatalog } from '../../domain/metrics/catalog.ts';
import { type Finality, finalAt } from '../../domain/publish/finality.ts';
import { groupOf } from '../../domain/publish/sort.ts';
import { loadDayModel } from '../postgres/close/day-model.ts';
import type { StoredValue } from '../postgres/metrics/values.ts';
import { type LatestNumber, latestNumbers } from '../postgres/publish/numbers.ts';
import { type Session, undoing, withSession } from '../postgres/session.ts';
import type { FileLimits } from '../sources/file/snapshot.ts';
import { type JudgedDay, judgeDay } from './judge-day.ts';
import { valueText } from './preview-metrics.ts';
import { type Trial, type TriedSource, tryDay } from './try-day.ts';

export type PreviewRevisionInput = {
  databaseUrl: string;
  customerKey: Uint8Array;
  roots: readonly string[];
  limits: FileLimits;
  clientId: string;
  businessDate: string;
  modelVersion: number;
};

/** A published total beside what a revision would make of it; amounts as published, null where there is no number. */
export type RevisedTotal = {
  metric: string;
  store: string;
  version: number;
  before: string | null;
  after: string | null;
  currency: string | null;
  finality: Finality;
  /** Why it would be withheld instead; null where it would be published. */
  withheld: string | null;
};
/** What a revision of a day would come to. `otherDays` are those whose records it would change as well. */
export type RevisionPreview = {
  metrics: readonly RevisedTotal[];
  sources: readonly TriedSource[];
  otherDays: readonly string[];
};

function revisedTotals({ model, date }: Trial, judged: JudgedDay, published: readonly LatestNumber[]): RevisedTotal[] {
  const { document } = model;
  const catalog = metricCatalog(document);
  const now = new Map(judged.values.filter((one) => one.dimension === '').map((one) => [groupOf(one), one]));
  const isFinal = (metric: string) => finalAt(document, catalog, metric, date).getTime() <= Date.now();
  return published
    .filter((one) => one.dimension === '')
    .map((one) => {
      const after: StoredValue | undefined = now.get(groupOf(one));
      return {
        metric: one.metric,
        store: one.storeId,
        version: one.version,
        before: valueText(catalog, one),
        after: after ? valueText(catalog, after) : null,
        currency: one.currency,
        finality: isFinal(one.metric) ? 'final' : 'provisional',
        withheld: after ? (judged.withheld(after)?.reason ?? null) : null,
      };
    });
}

async function preview(session: Session, input: PreviewRevisionInput): Promise<RevisionPreview> {
  const { clientId, businessDate: date } = input;
  const model = await loadDayModel(session.db, input);
  const published = await latestNumbers(session.db, clientId, date);
  const trial: Trial = { ...input, session, date, model };
  const { answers, sources, dates } = await tryDay(trial);
  const metrics = revisedTotals(trial, await judgeDay(trial, answers), published);
  return { metrics, sources, otherDays: dates.filter((one) => one !== date) };
}

/**
 * Captures and computes a published day anew by what the close itself does, in one transaction that is always rolled
 * back. Runs in a row-work thread.
 */
export default function previewRevision(input: PreviewRevisionInput): Promise<RevisionPreview> {
  return withSession(input.databaseUrl, (session) => undoing(session, () => preview(session, input)));
}
