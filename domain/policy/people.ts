import { distance } from 'fastest-levenshtein';
import type { DraftModel, Ownership } from '../../schemas/operating-model.ts';
import type { Steps } from '../../schemas/path.ts';
import type { Problem } from '../../schemas/problem.ts';
import { takesMessages } from '../delivery.ts';
import { routingRules } from './routing-rules.ts';
import { idsOf, oneOf, type PolicyContext, problem, quoted, type Rule, section, sound } from './rule.ts';

/** Ids of the people who are there on a day: in `people`, and not past their `until`. */
export function living(people: DraftModel['people'] = [], date: string): ReadonlySet<string> {
  return new Set(people.filter(({ until }) => until === undefined || date <= until).map(({ id }) => id));
}

/** Judges one reference to a person: named, known, and still there. */
export function judgePerson(
  id: string | undefined,
  at: Steps,
  model: DraftModel,
  { date }: PolicyContext,
): readonly Problem[] {
  const present = living(model.people, date);
  if (id !== undefined && present.has(id)) return [];
  const expected = oneOf([...present], 'a person in `people`');
  if (id === undefined) return [problem(at, 'nothing', expected)];
  const person = model.people?.find((other) => other.id === id);
  const why = person ? `who left on ${person.until}` : 'who is not in `people`';
  return [problem(at, `${quoted(id)}, ${why}`, expected)];
}

function judgeOwnership(
  { owner, deputy }: Partial<Ownership>,
  at: Steps,
  model: DraftModel,
  context: PolicyContext,
): readonly Problem[] {
  const parties = [
    ...judgePerson(owner, [...at, 'owner'], model, context),
    ...judgePerson(deputy, [...at, 'deputy'], model, context),
  ];
  if (owner === undefined || owner !== deputy) return parties;
  return [
    ...parties,
    problem([...at, 'deputy'], `${quoted(owner)}, who is the owner`, 'another person than the owner'),
  ];
}

/** Everything that people answer for has a living owner, and a deputy who is another person. */
export const everythingIsOwned: Rule = (model, context) => {
  const owners = section(model, 'owners', context);
  const listed = (['metrics', 'transforms', 'reports'] as const).flatMap((kind) =>
    Object.entries(owners?.[kind] ?? {}).map(([id, ownership]) => ({ ownership, at: ['owners', kind, id] as Steps })),
  );
  const incidents = owners ? [{ ownership: owners.incidents, at: ['owners', 'incidents'] as Steps }] : [];
  const sources = sound(model, 'sources', context).map(({ item, at }) => ({
    ownership: item.contract,
    at: [...at, 'contract'],
  }));
  const handoffs = sound(model, 'handoffs', context).map(({ item, at }) => ({ ownership: item, at }));
  return [...listed, ...incidents, ...sources, ...handoffs].flatMap(({ ownership, at }) =>
    judgeOwnership(ownership, at, model, context),
  );
};

/** Working hours that a person keeps are defined. */
export const hoursAreDefined: Rule = (model, context) =>
  sound(model, 'people', context).flatMap(({ item, at }) => {
    if (item.hours === undefined || Object.hasOwn(model.hours, item.hours)) return [];
    return [problem([...at, 'hours'], quoted(item.hours), oneOf(Object.keys(model.hours), 'a name in `hours`'))];
  });

const isAddress = (text: string) => text.includes('@');

function judgeUrl(url: string, at: Steps): readonly Problem[] {
  const isSound = URL.canParse(url) && /^https?:$/.test(new URL(url).protocol) && new URL(url).username === '';
  return isSound ? [] : [problem(at, quoted(url), 'an http or https URL, such as https://hooks.example/meshline')];
}

/** A destination reaches people who are there; one that is `internal` reaches nobody else. */
export const destinationsReachPeople: Rule = (model, context) =>
  (section(model, 'report', context)?.destinations ?? []).flatMap((destination, index) => {
    if (destination.kind === 'webhook') return judgeUrl(destination.url, ['report', 'destinations', index, 'url']);
    if (destination.kind !== 'email') return [];
    const { to, mode } = destination;
    return to.flatMap((recipient, position) => {
      const at = ['report', 'destinations', index, 'to', position];
      if (!isAddress(recipient)) return judgePerson(recipient, at, model, context);
      const emails = model.people.map(({ email }) => email);
      if (mode !== 'internal' || emails.includes(recipient)) return [];
      return [problem(at, quoted(recipient), 'the id of a person, because `internal` sends to `people` only')];
    });
  });

/** Names where an event can go that is routed to nothing there is, and which of them is nearest to what was written. */
function unknownTarget(target: string, at: Steps, model: DraftModel, { date }: PolicyContext): readonly Problem[] {
  const destinations = (model.report?.destinations ?? []).filter((one) => one && takesMessages(one));
  const names = [...idsOf(destinations), ...living(model.people, date)];
  const nearest = names.toSorted((a, b) => distance(a, target) - distance(b, target))[0];
  const found = `${quoted(target)}, which is neither a destination nor in \`people\``;
  const hint = nearest === undefined ? '' : `; the nearest is ${nearest}`;
  return [problem(at, found, `${oneOf(names, 'a destination or a person')}${hint}`)];
}

/** Numbers are read from a warehouse and from a file; neither is told of anything. */
function judgeTarget(target: string, at: Steps, model: DraftModel, context: PolicyContext): readonly Problem[] {
  const destinations = model.report?.destinations ?? [];
  const found = destinations.find((one) => one?.id === target);
  if (found?.kind === 'export' || found?.kind === 'warehouse') {
    const expected = 'a person, or a destination of the kind email or webhook';
    return [problem(at, `${quoted(target)}, a destination of the kind ${found.kind}`, expected)];
  }
  if (idsOf(destinations).includes(target)) return [];
  return idsOf(model.people ?? []).includes(target)
    ? judgePerson(target, at, model, context)
    : unknownTarget(target, at, model, context);
}

/** What an event is routed to is a destination of the report that takes messages, or a person who is there. */
export const routesLeadSomewhere: Rule = (model, context) =>
  routingRules(model, context).flatMap(({ item, at }) =>
    item.to.flatMap((target, index) => judgeTarget(target, [...at, 'to', index], model, context)),
  );
