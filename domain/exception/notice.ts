/**
 * Why somebody is told. One person is told once for each of them while an exception is open:
 * `asked` to decide, `handed_over` what another one left, `second` to agree to a proposal, `deputy` called beside the
 * owner, `reminder` that it waits, `overdue` when the deadline has passed, `ended` to all who were told.
 */
export const NOTICE_KINDS = ['asked', 'handed_over', 'second', 'deputy', 'reminder', 'overdue', 'ended'] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

/** Questions may wait for each other and go out as one mail; what follows them may not. */
export const QUESTIONS: readonly NoticeKind[] = ['asked', 'handed_over', 'second', 'deputy'];

export const isQuestion = (kind: NoticeKind): boolean => QUESTIONS.includes(kind);
