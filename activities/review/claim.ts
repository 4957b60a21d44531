import { parseDuration } from '../../domain/duration.ts';
import type { DecideInput } from '../../domain/exception/decision.ts';
import { postpone } from '../../domain/exception/ladder.ts';
import { goesAt, hasLeft, isAway } from '../../domain/exception/presence.ts';
import { stateAfter } from '../../domain/exception/table.ts';
import { deadlineAfter } from '../../domain/working-time.ts';
import type { Tx } from '../../infra/postgres/connect.ts';
import { standingProposal } from '../../infra/postgres/review/decisions.ts';
import { dueOf, markClaimed, setLadder } from '../../infra/postgres/review/steps.ts';
import type { OperatingModel, Person } from '../../schemas/operating-model.ts';
import { chainOf, type Governed, ownerOf, termsOf } from './chain.ts';

const personOf = ({ people }: OperatingModel, id: string): Person | undefined => people.find((one) => one.id === id);

/** Why somebody decides nothing any more, or null: a token may outlive its person's time with the team. */
export function leaverRefusal(
  { model }: Governed,
  { verb, actor }: Pick<DecideInput, 'verb' | 'actor'>,
  now: Date,
): string | null {
  const person = personOf(model, actor);
  if (verb === 'comment' || !person || !hasLeft(person, now.getTime())) return null;
  return `${actor} left on ${person.until} and decides nothing any more. Whoever is there must decide.`;
}

/**
 * Until when a claim holds: in the working hours of whoever claims, as far as the model knows that person, and no longer
 * than that person is there.
 */
function claimedUntil({ model, row, rules }: Governed, actor: string, now: Date): Date {
  const claimant = personOf(model, actor);
  const known = claimant ?? personOf(model, row.responsible ?? row.owner);
  if (!known) return new Date(now.getTime() + parseDuration(rules.acknowledgeFor).ms);
  const until = deadlineAfter(now, rules.acknowledgeFor, known, model.hours);
  const goesMs = claimant ? goesAt(claimant, now.getTime()) : null;
  return goesMs !== null && goesMs < until.getTime() ? new Date(goesMs) : until;
}

const holds = ({ row }: Governed, now: Date): boolean => (row.claimed_until?.getTime() ?? 0) > now.getTime();

/** A claim stops the clock of whoever is to agree: that is not for the one who proposed. */
async function proposerRefusal(tx: Tx, { row }: Governed, actor: string): Promise<string | null> {
  if (row.state !== 'awaiting_second' || (await standingProposal(tx, row))?.actor !== actor) return null;
  return `${actor} has proposed this, so the clock is not stopped: another person must agree.`;
}

/** Why somebody cannot claim it now, or null: another one has it, or nobody would be on it. */
export async function claimRefusal(tx: Tx, one: Governed, actor: string, now: Date): Promise<string | null> {
  const { claimed_by, claimed_until } = one.row;
  const claimant = personOf(one.model, actor);
  if (claimant && isAway(claimant, now.getTime()))
    return `${actor} is away now, so the clock is not stopped. Decide, or give it to somebody who is there.`;
  if (!holds(one, now) || claimed_by === actor) return proposerRefusal(tx, one, actor);
  return `${claimed_by} has claimed it until ${claimed_until!.toISOString()}.`;
}

/** Notes who is on it, and moves every step that is still to come by the time that the claim stops the chain. */
export async function claim(tx: Tx, one: Governed, { actor }: DecideInput, now: Date): Promise<void> {
  const { row, model } = one;
  const until = claimedUntil(one, actor, now);
  await markClaimed(tx, row.exception_id, actor, until);
  if (row.deadline === null || stateAfter(row.state, 'pass_deadline') === undefined) return;
  // A claim that is renewed has stopped the chain already until it ends.
  const pausedMs = holds(one, now) ? row.claimed_until!.getTime() : now.getTime();
  const chain = chainOf(one);
  // Before there was a chain, nobody but the owner was asked.
  const responsible = row.responsible ?? ownerOf(one);
  const index = chain.findIndex(({ id }) => id === responsible);
  const rest = chain.slice(Math.max(0, index));
  const ladder = { responsible, dueMs: dueOf(row) };
  const untilMs = Math.max(until.getTime(), pausedMs);
  await setLadder(tx, row.exception_id, postpone(ladder, rest, termsOf(one, chain), model.hours, pausedMs, untilMs));
}

/** Whoever has it and is asked; where a second person is asked, that is not always the one who has it. */
const hasIt = (one: Governed, id: string): boolean =>
  id === ownerOf(one) && (one.row.state === 'awaiting_second' || (one.row.responsible ?? id) === id);

/** Why somebody cannot be given it, or null. */
export function reassignRefusal(one: Governed, to: string, now: Date): string | null {
  const { model } = one;
  const person = personOf(model, to);
  if (!person) return `${to} is not among the people of the model: ${model.people.map(({ id }) => id).join(', ')}.`;
  if (isAway(person, now.getTime())) return `${to} is away now. Give it to somebody who is there.`;
  return hasIt(one, to) ? `${to} has it already; nothing is changed.` : null;
}
