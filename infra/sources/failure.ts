/** Why a source could not be read; the type decides whether a retry can help. */
export type SourceFailureType =
  | 'not_there_yet'
  | 'not_a_file'
  | 'no_permission'
  | 'outside_allowed_roots'
  | 'incomplete_file'
  | 'changed_while_reading'
  | 'unusable_file'
  | 'too_large';

/** A failure of the source itself, counted under its contract; `message` says where, what was found and what to do. */
export class SourceFailure extends Error {
  readonly type: SourceFailureType;

  constructor(type: SourceFailureType, message: string) {
    super(message);
    this.name = 'SourceFailure';
    this.type = type;
  }
}
