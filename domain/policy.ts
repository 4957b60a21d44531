import type { DraftModel, OperatingModel } from '../schemas/operating-model.ts';
import type { Problem } from '../schemas/problem.ts';
import { conditionsCompile } from './policy/conditions.ts';
import { contractsHealAndEscalate, durationsAreReadable } from './policy/contracts.ts';
import { exportsArePlaced } from './policy/exports.ts';
import { idleIncidents, incidentsAskOfFacts } from './policy/incidents.ts';
import {
  checksHaveLimits,
  daysCanBeFound,
  definitionsAreComplete,
  definitionsEnd,
  mappingsAreComplete,
  schemasCompile,
} from './policy/mapping.ts';
import { destinationsReachPeople, everythingIsOwned, hoursAreDefined, routesLeadSomewhere } from './policy/people.ts';
import { ratesAreSound } from './policy/rates.ts';
import { dimensionsExist, idsAreUnique, metricsExist, sourcesExist, storesExist } from './policy/references.ts';
import { idleRoutes, routesAskOfFacts } from './policy/routing.ts';
import { type PolicyContext, problem, type Rule } from './policy/rule.ts';
import { currenciesExist, hoursAreValid, limitsAreSane, rangesAreValid, zonesExist } from './policy/values.ts';

export { living } from './policy/people.ts';
export type { PolicyContext } from './policy/rule.ts';

/** A client has something to close and something to publish. */
const somethingIsClosed: Rule = (model, { broken = [] }) => [
  ...(model.sources.length > 0 ? [] : [problem(['sources'], 'nothing', 'at least one source')]),
  ...(model.report || broken.includes('report') ? [] : [problem(['report'], 'nothing', 'what goes out every night')]),
];

const RULES: readonly Rule[] = [
  somethingIsClosed,
  everythingIsOwned,
  contractsHealAndEscalate,
  durationsAreReadable,
  idsAreUnique,
  metricsExist,
  sourcesExist,
  storesExist,
  dimensionsExist,
  hoursAreDefined,
  destinationsReachPeople,
  routesLeadSomewhere,
  zonesExist,
  currenciesExist,
  ratesAreSound,
  rangesAreValid,
  hoursAreValid,
  limitsAreSane,
  mappingsAreComplete,
  definitionsAreComplete,
  definitionsEnd,
  daysCanBeFound,
  checksHaveLimits,
  schemasCompile,
  conditionsCompile,
  routesAskOfFacts,
  incidentsAskOfFacts,
  exportsArePlaced,
];

/** Everything that is wrong with a resolved document, at once; an empty list is a pass. */
export const checkPolicy = (model: DraftModel, context: PolicyContext): readonly Problem[] =>
  RULES.flatMap((rule) => rule(model, context));

/** What is sound in a document and does nothing: told when it is applied, and no reason to refuse it. */
export const findIdle = (model: OperatingModel): readonly Problem[] => [...idleIncidents(model), ...idleRoutes(model)];

/**
 * From its second version on, a document says from which business day it holds.
 * @param version number that the document would get
 */
export function checkEffectiveFrom(
  { effectiveFrom }: Pick<DraftModel, 'effectiveFrom'>,
  version: number,
): readonly Problem[] {
  if (version === 1 || effectiveFrom !== undefined) return [];
  return [problem(['effectiveFrom'], 'nothing', `the first business day that version ${version} holds for`)];
}
