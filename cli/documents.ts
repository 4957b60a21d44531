import type { Static } from 'typebox';
import type { backfillStarted, CloseDocument, closeList, started } from '../schemas/api/closes.ts';
import type { ExceptionDocument as FullException } from '../schemas/api/exceptions.ts';
import type { uploaded } from '../schemas/api/sources.ts';
import type { createdToken, revokedToken } from '../schemas/api/tokens.ts';
import type { Problem } from '../schemas/problem.ts';

export type { AuditDocument, Verification } from '../schemas/api/audit.ts';
export type { AppliedModel, ClientDocument, ClientList } from '../schemas/api/clients.ts';
export type { CloseDocument } from '../schemas/api/closes.ts';
export type { ExceptionList } from '../schemas/api/exceptions.ts';
export type { NumberList } from '../schemas/api/numbers.ts';
export type { ScheduleList } from '../schemas/api/schedules.ts';
export type { SourceCheck } from '../schemas/api/sources.ts';
export type { TokenList } from '../schemas/api/tokens.ts';

export type ExceptionDocument = Omit<FullException, 'suggestedFixes'> & { suggestedFixes: Fix[] };
export type CloseDays = Static<typeof closeList>;
export type CloseMetric = CloseDocument['metrics'][number];
export type CloseControl = CloseDocument['controls'][number];
export type CloseException = CloseDocument['exceptions'][number];
export type StartedClose = Static<typeof started>;
export type StartedBackfill = Static<typeof backfillStarted>;
export type PreviewDocument = {
  client: string;
  businessDate: string;
  captured: CloseDocument['captured'];
  metrics: CloseMetric[];
  problems: Problem[];
};
export type CreatedToken = Static<typeof createdToken>;
export type RevokedToken = Static<typeof revokedToken>;
export type UploadedFile = Static<typeof uploaded>;

export type TimelineEntry = ExceptionDocument['timeline'][number];
/** A suggested fix, with what it would change. */
export type Fix = {
  id: string;
  title: string;
  preview?: { metrics?: { metric: string; before: string | null; after: string | null }[] } | null;
};

/** Why a published number may be trusted: its value, and everything that it rests on. */
export type Explanation = {
  client: string;
  metric: string;
  businessDate: string;
  definition: unknown;
  version?: number;
  value: string | null;
  currency?: string | null;
  recomputed: { value: string | null; equal: boolean };
} & Record<string, unknown>;
