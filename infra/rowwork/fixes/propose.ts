import type { Fix } from '../../../domain/remediation/fix.ts';
import { proposeAccepting, proposeClosing, proposeTransforms, proposeZones } from './propose-day.ts';
import { proposeDecimalCommas, proposeExclusions, proposeRenames, proposeSigns } from './propose-reading.ts';
import { proposeDroppingBlocks } from './propose-records.ts';
import { proposeSlips } from './propose-slips.ts';
import type { Situation } from './situation.ts';
import { type Reach, type Survey, surveySource } from './survey.ts';

const isOfDayBefore = ({ change }: Fix): boolean => change.by === 'transform' && change.version !== null;

/** Everything that may mend the finding, but for reading the sources again. What does is shown by trying it. */
export async function proposeFixes(situation: Situation, reach: Reach): Promise<Fix[]> {
  const surveys: Survey[] = [];
  const fixes: Fix[] = [];
  for (const source of situation.sources) {
    const survey = await surveySource(situation, source, reach);
    surveys.push(survey);
    if (survey.records === 0) continue;
    const transforms = await proposeTransforms(situation, source);
    fixes.push(
      ...(await proposeRenames(situation, source, survey)),
      ...proposeDecimalCommas(source, survey),
      ...(await proposeSlips(situation, source)),
      ...(await proposeDroppingBlocks(situation, source)),
      ...proposeExclusions(source, survey),
      ...proposeZones(situation, source, survey),
      ...transforms,
      // A sign that a new transform has turned is given back by the old one.
      ...(transforms.some(isOfDayBefore) ? [] : await proposeSigns(situation, source)),
    );
  }
  return [...fixes, ...proposeClosing(situation, surveys), ...(await proposeAccepting(situation))];
}
