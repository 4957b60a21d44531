export type Side = 'before' | 'after';
export const SIDES: readonly Side[] = ['before', 'after'];

/** What a client's day meets: `plain` closes by itself, `difference` waits for a person, `rerun` first tries once more. */
export type Story = 'plain' | 'difference' | 'rerun';

/** One write of a stage: the row by which its transaction is known. `when` is a condition over `new` and `old`. */
export type Stage = {
  stage: string;
  story: Story;
  table: string;
  on: 'insert' | 'update';
  when?: string;
  /** Runs in a row-work thread, of which a worker has few: such a stage is held last, and few at a time. */
  inThread?: true;
};

/** A stage, and whether the kill falls before its transaction commits or between the commit and the stage's own report. */
export type Point = Stage & { name: string; side: Side };

const STAGES: readonly Stage[] = [
  { stage: 'open-attempt', story: 'plain', table: 'attempt', on: 'insert' },
  { stage: 'capture', story: 'plain', table: 'capture_batch', on: 'insert', inThread: true },
  { stage: 'totals', story: 'plain', table: 'source_total', on: 'insert' },
  {
    ...{ stage: 'normalize', story: 'plain', table: 'capture_batch', on: 'update', inThread: true },
    when: 'new.normalized_with is not null and old.normalized_with is null',
  },
  { stage: 'validate', story: 'plain', table: 'check_result', on: 'insert' },
  { stage: 'enrich', story: 'plain', table: 'metric_value', on: 'insert' },
  { stage: 'reconcile', story: 'plain', table: 'control_result', on: 'insert' },
  { stage: 'publish', story: 'plain', table: 'published_number', on: 'insert' },
  { stage: 'deliver-kept', story: 'plain', table: 'delivery', on: 'insert' },
  { stage: 'deliver-sent', story: 'plain', table: 'delivery', on: 'update', when: `new.status = 'sent'` },
  {
    ...{ stage: 'finish', story: 'plain', table: 'attempt', on: 'update' },
    when: 'new.ended_at is not null and old.ended_at is null',
  },
  { stage: 'exception-opened', story: 'difference', table: 'exception', on: 'insert' },
  {
    ...{ stage: 'owner-asked', story: 'difference', table: 'exception', on: 'update' },
    when: `new.state = 'awaiting_decision' and old.state = 'healing'`,
  },
  { stage: 'owner-told', story: 'difference', table: 'notice', on: 'insert' },
  { stage: 'decision-recorded', story: 'difference', table: 'decision', on: 'insert' },
  {
    ...{ stage: 'decision-used', story: 'difference', table: 'decision', on: 'update' },
    when: `new.outcome = 'used' and old.outcome = 'recorded'`,
  },
  {
    ...{ stage: 'rerun-counted', story: 'rerun', table: 'exception', on: 'update' },
    when: 'new.reruns > old.reruns',
  },
];

/** Every fault point: each commit of each stage, from both sides. */
export const POINTS: readonly Point[] = STAGES.flatMap((stage) =>
  SIDES.map((side) => ({ ...stage, side, name: `${stage.stage}:${side}-commit` })),
);

/** Stages that a person sets in motion: the day has to wait for them first. */
export const isDecision = ({ stage }: Stage): boolean => stage.startsWith('decision-');
