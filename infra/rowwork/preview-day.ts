import { minorDigits } from '../../domain/currency.ts';
import { formatMicros } from '../../domain/money.ts';
import type { Problem } from '../../schemas/problem.ts';
import { type DraftedModel, draftModel } from '../operating-model/draft-model.ts';
import type { FileSet } from '../operating-model/files.ts';
import { insertVersion, latestVersion, lockClient, storeTransforms } from '../operating-model/store.ts';
import { dayRecords } from '../postgres/capture/day-records.ts';
import { recordCounts } from '../postgres/checks/records.ts';
import { onDay } from '../postgres/close/day-model.ts';
import {
  FIRST_QUARANTINED,
  type QuarantinedRecord,
  quarantinedRecord,
  quarantinedRecords,
} from '../postgres/read/exceptions.ts';
import { rebaseFixes } from '../postgres/remediation/rebase.ts';
import { type Session, undoing, withSession } from '../postgres/session.ts';
import type { FileLimits } from '../sources/file/snapshot.ts';
import { judgeDay } from './judge-day.ts';
import { type PreviewedMetric, previewMetrics } from './preview-metrics.ts';
import { type Trial, type TriedSource, tryDay } from './try-day.ts';

export type PreviewInput = {
  databaseUrl: string;
  customerKey: Uint8Array;
  roots: readonly string[];
  limits: FileLimits;
  /** Texts of the documents by absolute path, and the path of the client's document among them. */
  files: FileSet;
  base: string;
  date: string;
  actor: string;
  /** Day on which owners must be living, `YYYY-MM-DD`. */
  today: string;
};

/** A day's numbers under a draft. `client` is null where the document is not valid; then `problems` say why. */
export type DayPreview = {
  client: string | null;
  businessDate: string;
  captured: { records: number; quarantined: number; duplicates: number; inSuspense: string };
  /** The first records in quarantine. */
  quarantined: readonly QuarantinedRecord[];
  metrics: readonly PreviewedMetric[];
  sources: readonly TriedSource[];
  problems: readonly Problem[];
  missing: readonly string[];
};
type Accepted = Extract<DraftedModel, { ok: true }>;

type Stored = { version: number; transforms: Readonly<Record<string, number>> };

/** Stores the draft as the client's next version; resolves with it and the versions of its transforms. */
async function storeDraft({ db }: Session, draft: Accepted, appliedBy: string): Promise<Stored> {
  const { model, origins, files, rules } = draft;
  await lockClient(db, model.client);
  const latest = await latestVersion(db, model.client.id);
  const transforms = await storeTransforms(db, model.client.id, rules);
  const version = (latest?.version ?? 0) + 1;
  await insertVersion(db, { version, model, origins, files, transforms, hash: 'preview', appliedBy });
  return { version, transforms };
}

async function countCaptured({ session, date, model: { document: model } }: Trial): Promise<DayPreview['captured']> {
  const total = { records: 0, quarantined: 0, duplicates: 0 };
  const ofDay = await dayRecords(session.db, model.client.id, date);
  let suspenseMicros = 0n;
  for (const source of model.sources) {
    const counts = recordCounts(ofDay, source.id);
    total.records += counts.records;
    total.quarantined += counts.quarantined;
    total.duplicates += counts.duplicates;
    suspenseMicros += counts.suspenseMicros;
  }
  return { ...total, inSuspense: formatMicros(suspenseMicros, minorDigits(model.client.currency)) };
}

async function firstQuarantined({ session, date, model: { document: model } }: Trial): Promise<QuarantinedRecord[]> {
  const sources = model.sources.map((source) => source.id);
  const day = { clientId: model.client.id, businessDate: date, sources };
  return (await quarantinedRecords(session.db, day, FIRST_QUARANTINED)).map(quarantinedRecord);
}

async function previewDraft(session: Session, input: PreviewInput, draft: Accepted): Promise<DayPreview> {
  const clientId = draft.model.client.id;
  const stored = { ...(await storeDraft(session, draft, input.actor)), document: draft.model };
  await rebaseFixes(session.db, { clientId, businessDate: input.date }, stored);
  const model = await onDay(session.db, { clientId, businessDate: input.date }, stored);
  const trial: Trial = { ...input, session, model };
  const tried = await tryDay(trial);
  return {
    client: clientId,
    businessDate: input.date,
    captured: await countCaptured(trial),
    quarantined: await firstQuarantined(trial),
    metrics: previewMetrics(trial, await judgeDay(trial, tried.answers)),
    sources: tried.sources,
    problems: [],
    missing: [],
  };
}

const refused = (date: string, problems: readonly Problem[], missing: readonly string[]): DayPreview => ({
  client: null,
  businessDate: date,
  captured: { records: 0, quarantined: 0, duplicates: 0, inSuspense: '0.00' },
  quarantined: [],
  metrics: [],
  sources: [],
  problems,
  missing,
});

/**
 * Computes a day under a draft by what the close itself does, in one transaction that is always rolled back. Runs in a
 * row-work thread.
 */
export default async function previewDay(input: PreviewInput): Promise<DayPreview> {
  const draft = draftModel(input.files, input.base, input.today);
  if (!draft.ok) return refused(input.date, draft.problems, draft.missing);
  return withSession(input.databaseUrl, (session) => undoing(session, () => previewDraft(session, input, draft)));
}
