import type { Contract } from '../../schemas/operating-model.ts';
import type { Steps } from '../../schemas/path.ts';
import type { Problem } from '../../schemas/problem.ts';
import { parseDuration } from '../duration.ts';
import { judgePerson } from './people.ts';
import { type PolicyContext, problem, quoted, type Rule, section, sound } from './rule.ts';

type Terms = Partial<Omit<Contract, 'owner' | 'deputy'>>;
type Governed = { readonly terms: Terms; readonly at: Steps; readonly isContract: boolean };

/** Everything that states retries and deadlines: contracts of sources and handoffs, and the policy. */
export function governed(model: Parameters<Rule>[0], context: PolicyContext): readonly Governed[] {
  const sources = sound(model, 'sources', context).map(({ item, at }) => ({
    terms: item.contract,
    at: [...at, 'contract'],
    isContract: true,
  }));
  const handoffs = sound(model, 'handoffs', context).map(({ item, at }) => ({ terms: item, at, isContract: true }));
  const exceptions = section(model, 'exceptions', context);
  const policy = exceptions ? [{ terms: exceptions, at: ['exceptions'], isContract: false }] : [];
  return [...sources, ...handoffs, ...policy];
}

const HERE = 'here or in the policy';

function judgeRetry({ retry, rerun }: Terms, at: Steps): readonly Problem[] {
  if (!retry) return [problem([...at, 'retry'], 'nothing', `a retry, ${HERE}`)];
  if (retry.maximumAttempts > 1 || (rerun && rerun.attempts > 0)) return [];
  return [
    problem([...at, 'retry', 'maximumAttempts'], '1, and no rerun', 'at least 2, or a rerun: the system heals first'),
  ];
}

/** Every contract, by itself or by the policy, has a retry by the system and an escalation to a living person. */
export const contractsHealAndEscalate: Rule = (model, context) =>
  governed(model, context).flatMap(({ terms, at, isContract }) => {
    const sla = !isContract || terms.sla ? [] : [problem([...at, 'sla'], 'nothing', `a duration such as 4h, ${HERE}`)];
    // What is silent here is called by `owners.incidents`, which is judged on its own.
    const silent = !isContract && terms.escalateTo === undefined;
    const escalation = silent ? [] : judgePerson(terms.escalateTo, [...at, 'escalateTo'], model, context);
    return [...sla, ...judgeRetry(terms, at), ...escalation];
  });

function judgeDuration(text: string | undefined, at: Steps, mayBeWorking: boolean): readonly Problem[] {
  if (text === undefined) return [];
  try {
    const { working } = parseDuration(text);
    if (mayBeWorking || !working) return [];
    return [problem(at, quoted(text), 'elapsed time, such as 4h: working hours are those of a person')];
  } catch {
    return [problem(at, quoted(text), 'a duration, such as 4h or 2 working hours')];
  }
}

function judgeRealert(model: Parameters<Rule>[0], context: PolicyContext): readonly Problem[] {
  const realert = section(model, 'exceptions', context)?.realert;
  return (['initialInterval', 'maximumInterval'] as const).flatMap((key) =>
    judgeDuration(realert?.[key], ['exceptions', 'realert', key], false),
  );
}

const judgePatience: Rule = (model, context) =>
  (section(model, 'report', context)?.destinations ?? []).flatMap((one, index) =>
    'giveUpAfter' in one ? judgeDuration(one.giveUpAfter, ['report', 'destinations', index, 'giveUpAfter'], false) : [],
  );

/** Durations can be read; only what waits for a person may count working hours. */
export const durationsAreReadable: Rule = (model, context) => [
  ...judgeRealert(model, context),
  ...judgePatience(model, context),
  ...governed(model, context).flatMap(({ terms, at }) => [
    ...judgeDuration(terms.sla, [...at, 'sla'], false),
    ...judgeDuration(terms.retry?.initialInterval, [...at, 'retry', 'initialInterval'], false),
    ...judgeDuration(terms.retry?.maximumInterval, [...at, 'retry', 'maximumInterval'], false),
    ...judgeDuration(terms.rerun?.delay, [...at, 'rerun', 'delay'], false),
    ...judgeDuration(terms.decideWithin, [...at, 'decideWithin'], true),
    ...judgeDuration(terms.reminder, [...at, 'reminder'], true),
    ...judgeDuration(terms.deputyAfter, [...at, 'deputyAfter'], true),
    ...judgeDuration(terms.acknowledgeFor, [...at, 'acknowledgeFor'], true),
    ...judgeDuration(
      'digestWithin' in terms ? (terms.digestWithin as string) : undefined,
      [...at, 'digestWithin'],
      false,
    ),
  ]),
];
