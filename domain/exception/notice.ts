/**
 * Why somebody is told. One person is told once for each of them while an exception is open: `healing` that the system
 * tries by itself, `asked` to decide, `handed_over` what another one left, `second` to agree to a proposal, `deputy`
 * called beside the owner, `reminder` that it waits, `overdue` when the deadline has passed, `ended` to all who were
 * told.
 */
export const NOTICE_KINDS = [
  'healing',
  'asked',
  'handed_over',
  'second',
  'deputy',
  'reminder',
  'overdue',
  'ended',
] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

/** The kinds that ask somebody to decide. */
export const QUESTIONS: readonly NoticeKind[] = ['asked', 'handed_over', 'second', 'deputy'];

/**
 * Questions may wait for each other and go out as one mail, and so may what asks nothing yet; what follows them may
 * not.
 */
const TOGETHER: readonly (readonly NoticeKind[])[] = [QUESTIONS, ['healing']];

/** The kinds that may go out as one mail with it, itself among them; none where it goes alone. */
export const togetherWith = (kind: NoticeKind): readonly NoticeKind[] =>
  TOGETHER.find((kinds) => kinds.includes(kind)) ?? [];

export const isQuestion = (kind: NoticeKind): boolean => QUESTIONS.includes(kind);
