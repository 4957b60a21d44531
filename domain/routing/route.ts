import type { EventType, OperatingModel, RoutingRule } from '../../schemas/operating-model.ts';
import { type Condition, ConditionError, compileCondition } from '../cel.ts';
import { factViews } from '../cel-views.ts';
import type { ExceptionFacts } from '../exception/facts.ts';
import type { OccurredEvent } from './events.ts';
import { rulesOf } from './rules.ts';

/**
 * How an event reaches whom the rules name: in a `message` of routed events, by the `report` that the destination gets
 * of the day anyway, or by the mails and requests of the `incident`.
 */
export type Carrier = 'message' | 'report' | 'incident';
export type RoutedTo = { to: string; by: Carrier };
/** `unmatched`: rules speak of this event, and none of them held. */
export type Route = { routed: readonly RoutedTo[]; unmatched: boolean };
export type RoutingModel = Pick<OperatingModel, 'routing' | 'report' | 'people'>;
type Facts = { event: object; exceptions: readonly ExceptionFacts[] };
type CompiledRule = { rule: RoutingRule; holds(facts: Facts): boolean };

/** A condition that compares what cannot be compared does not hold: one rule must not keep the others from being asked. */
function isTrue(condition: Condition, facts: { event: object; exception?: object }): boolean {
  try {
    return condition(facts);
  } catch (error) {
    if (error instanceof ConditionError) return false;
    throw error;
  }
}

function compileRule(rule: RoutingRule): CompiledRule {
  if (rule.when === undefined) return { rule, holds: () => true };
  const condition = compileCondition(rule.when, factViews, 'event');
  // A rule about an exception holds where it does for one of the exceptions that the event is about.
  const holds = ({ event, exceptions }: Facts) =>
    [undefined, ...exceptions].some((exception) => isTrue(condition, { event, ...(exception && { exception }) }));
  return { rule, holds };
}

/** Reads the rules of a model once; the result names, for an event, those that apply to it. */
export function compileRules(model: Pick<OperatingModel, 'routing'>) {
  const { match, rules } = rulesOf(model);
  const byType = Map.groupBy(rules.map(compileRule), ({ rule }) => rule.on);
  return (type: EventType, facts: Facts): { applying: readonly RoutingRule[]; asked: number } => {
    const asked = byType.get(type) ?? [];
    const holding = asked.filter((one) => one.holds(facts)).map((one) => one.rule);
    return { applying: match === 'first' ? holding.slice(0, 1) : holding, asked: asked.length };
  };
}

/** The report of the day tells every mail destination of its numbers: a second mail would say the same. */
function carrierOf({ report }: RoutingModel, type: EventType, to: string): Carrier {
  if (type.startsWith('incident.')) return 'incident';
  const isMailed = report.destinations.some((one) => one.id === to && one.kind === 'email');
  return isMailed && type.startsWith('number.') ? 'report' : 'message';
}

/** Reads the rules of a model once; the result says where an event goes by them, each target once. */
export function compileRouter(model: RoutingModel): (event: OccurredEvent) => Route {
  const rulesFor = compileRules(model);
  return ({ type, clientId, businessDate, facts, exceptions = [] }) => {
    const event = { type, client: clientId, businessDate, ...facts };
    const { applying, asked } = rulesFor(type, { event, exceptions });
    const targets = [...new Set(applying.flatMap((rule) => rule.to))];
    return {
      routed: targets.map((to) => ({ to, by: carrierOf(model, type, to) })),
      unmatched: asked > 0 && applying.length === 0,
    };
  };
}
