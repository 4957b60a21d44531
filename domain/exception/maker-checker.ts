import type { MakerChecker } from '../../schemas/operating-model.ts';
import { magnitude } from '../decimal.ts';
import { parseMicros } from '../money.ts';
import type { DecideInput } from './decision.ts';
import { verbRow } from './table.ts';

/** What is to be released, as maker-checker looks at it. */
export type Release = {
  differenceMicros: bigint | null;
  /** Metrics that it withholds, and those of them of which the day has published a number before. */
  withheld: readonly string[];
  published: readonly string[];
  /** Who applied the transforms behind the finding, by source. */
  makers: readonly { source: string; person: string }[];
};

/** A decision that waits for a second person. */
export type Proposal = Pick<DecideInput, 'verb' | 'args' | 'actor'>;
export type ReleaseInput = Pick<DecideInput, 'verb' | 'args' | 'actor' | 'onBehalfOf' | 'service'> & {
  via: 'api' | 'signal';
};

/** `propose`: written down until another person agrees. `take`: it holds. Else why it may not be said by this person. */
export type Judgement = { as: 'take' | 'propose' } | { as: 'refuse'; why: string };

const isAbove = (rule: MakerChecker, { differenceMicros }: Release): boolean =>
  rule.amountAbove !== undefined &&
  differenceMicros !== null &&
  magnitude(differenceMicros) > parseMicros(rule.amountAbove);

/** Whether two people must say it. */
export const needsSecond = (rule: MakerChecker, release: Release): boolean =>
  isAbove(rule, release) ||
  (rule.metrics ?? []).some((metric) => release.withheld.includes(metric)) ||
  (rule.publishedDay === true && release.published.length > 0);

const isSame = (one: Proposal, { verb, args }: ReleaseInput): boolean => one.verb === verb && one.args.fix === args.fix;

/** Whoever speaks, or for whom it is said: `--as` makes nobody another person. */
const speakers = ({ actor, onBehalfOf }: ReleaseInput): readonly string[] =>
  onBehalfOf === null ? [actor] : [actor, onBehalfOf];

function refuse(rule: Release, input: ReleaseInput): string | null {
  if (input.via === 'signal')
    return 'This needs people whom Meshline knows, and a signal proves nobody. Decide with "meshline exceptions" or the console.';
  if (input.service)
    return `This needs people, and the token of ${input.actor} belongs to a service. Decide with a token of your own.`;
  const own = rule.makers.find(({ person }) => speakers(input).includes(person));
  if (!own || input.verb !== 'approve') return null;
  return `${own.person} applied the transform of ${own.source} that the day uses; somebody else must accept the difference that it may have made.`;
}

/**
 * Judges who may accept a difference or apply a fix. Where the model states no maker-checker, anyone with the right may.
 * People are compared as they signed in.
 */
export function judgeRelease(
  rule: MakerChecker | undefined,
  release: Release,
  input: ReleaseInput,
  proposal: Proposal | undefined,
): Judgement {
  if (!rule || !verbRow(input.verb).releases) return { as: 'take' };
  const why = refuse(release, input);
  if (why !== null) return { as: 'refuse', why };
  if (!needsSecond(rule, release)) return { as: 'take' };
  if (!proposal || !isSame(proposal, input)) return { as: 'propose' };
  if (!speakers(input).includes(proposal.actor)) return { as: 'take' };
  return { as: 'refuse', why: `${proposal.actor} has proposed this; another person must agree.` };
}
