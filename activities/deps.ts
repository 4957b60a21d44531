import type { CloseInput } from '../domain/close.ts';
import type { PageLinks } from '../infra/delivery-page/links.ts';
import type { Db } from '../infra/postgres/connect.ts';
import type { Outbox } from '../infra/postgres/delivery/outbox.ts';
import type { RowWork } from '../infra/rowwork/pool.ts';
import type { WantedIncident } from '../infra/temporal/start-incident.ts';

/** What activities work with; wired once, by the worker. */
export type Deps = {
  db: Db;
  databaseUrl: string;
  rowWork: RowWork;
  secrets: { auditKey: Buffer; customerKey: Buffer };
  files: { roots: readonly string[]; maximumRecordBytes: number; maximumFileBytes: number };
  mail: { transportUrl: string; from: string };
  /** Where what was sent can be read in a browser. */
  pages: Pick<PageLinks, 'linkTo'>;
  engine: Engine;
  /** A secret by the name that a document gives it; null where it is not set. */
  secretOf(ref: string): string | null;
  /** Whether decisions may come as signals from Temporal's own tools. */
  signals: 'on' | 'off';
};

/** The few things that an activity asks of Temporal. */
export type Engine = {
  /** Starts an attempt of its own under the day's workflow id; false where one still runs. */
  startOwnClose(input: CloseInput): Promise<boolean>;
  /** Tells a review that an attempt of its day has ended; a review that is gone need not know. */
  signalAttemptEnded(exceptionId: string, attempt: number): Promise<void>;
  /**
   * Tells a review that its hand-off was made or given up outside of an attempt; a review that is gone need not know.
   */
  signalHandoffSettled(exceptionId: string): Promise<void>;
  /** Starts the closing anew of a client's lapsed days, or has the run that is under way look once more. */
  startRevisions(clientId: string): Promise<void>;
  /** Starts the workflow of an incident, unless it runs. */
  startIncident(incident: WantedIncident): Promise<void>;
  /** Tells an incident that something of it has changed; one whose workflow is gone need not know. */
  signalIncidentChanged(incidentId: string): Promise<void>;
  /** Tells the outbox of a destination that something waits in it, and starts it where it does not run. */
  wakeOutbox(outbox: Outbox): Promise<void>;
  /** Who sent a run's n-th decision by signal, as its tool told the server; empty where it told nothing. */
  signalIdentity(workflowId: string, signal: { runId: string; ordinal: number }): Promise<string>;
};
