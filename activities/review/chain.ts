import { type Ladder, type LadderTerms, planLadder } from '../../domain/exception/ladder.ts';
import type { NoticeKind } from '../../domain/exception/notice.ts';
import { stateAfter } from '../../domain/exception/table.ts';
import { type Governance, governanceOf } from '../../domain/publish/governance.ts';
import type { Tx } from '../../infra/postgres/connect.ts';
import type { ExceptionRow } from '../../infra/postgres/publish/exceptions.ts';
import { standingProposal } from '../../infra/postgres/review/decisions.ts';
import { openQuestion, setLadder } from '../../infra/postgres/review/steps.ts';
import type { OperatingModel, Person } from '../../schemas/operating-model.ts';
import { findingOf } from './load-review.ts';
import { plan } from './plan-notice.ts';

/** An exception with what governs it. */
export type Governed = { model: OperatingModel; row: ExceptionRow; rules: Governance };

export const governed = (model: OperatingModel, row: ExceptionRow): Governed => ({
  model,
  row,
  rules: governanceOf(model, findingOf(row)),
});

export const ownerOf = ({ row, rules }: Governed): string => row.reassigned_to ?? rules.owner;

const peopleOf = (model: OperatingModel, ids: readonly string[]): Person[] =>
  [...new Set(ids)].flatMap((id) => model.people.find((person) => person.id === id) ?? []);

/**
 * Who is asked in turn: the owner, the deputy, whom it escalates to; where none of them is there, the people of last
 * resort, who have the incidents.
 * @param without who may not be asked: the one whose proposal is to be agreed to
 */
export function chainOf(one: Governed, without: string | null = null): Person[] {
  const { model, rules } = one;
  const { incidents } = model.owners;
  const ids = [ownerOf(one), rules.deputy, rules.escalateTo, incidents.owner, incidents.deputy];
  return peopleOf(
    model,
    ids.filter((id) => id !== without),
  );
}

/** A deputy is called only where the next of the chain is the deputy, and not whom it escalates to anyway. */
export function termsOf({ rules }: Governed, chain: readonly Person[]): LadderTerms {
  const { decideWithin, reminder, deputyAfter } = rules;
  return { decideWithin, reminder, deputyAfter: chain[1]?.id === rules.deputy ? deputyAfter : undefined };
}

/** The chain as it is planned at an instant; a claim that holds then ends before the clock starts. */
export function ladderAt(one: Governed, chain: readonly Person[], nowMs: number): Ladder {
  const claimedUntilMs = one.row.claimed_until?.getTime() ?? nowMs;
  return planLadder(chain, termsOf(one, chain), one.model.hours, nowMs, Math.max(nowMs, claimedUntilMs));
}

/** Makes an exception a question to the first of its chain who is there, with a clock, and plans the mail. */
export async function ask(tx: Tx, one: Governed, now: Date): Promise<void> {
  const { row } = one;
  const state = stateAfter(row.state, 'ask');
  if (state === undefined) return;
  const proposal = state === 'awaiting_second' ? await standingProposal(tx, row) : undefined;
  const ladder = ladderAt(one, chainOf(one, proposal?.actor ?? null), now.getTime());
  await openQuestion(tx, row.exception_id, state, now);
  await setLadder(tx, row.exception_id, ladder);
  const asked = { ...row, state, asked_at: now, responsible: ladder.responsible };
  const kind: NoticeKind = state === 'awaiting_second' ? 'second' : 'asked';
  await plan(tx, { ...one, row: asked }, kind, ladder.responsible, now);
}
