import type { OperatingModel } from '../../schemas/operating-model.ts';
import type { Problem } from '../../schemas/problem.ts';
import { secretVariable } from '../webhook/secrets.ts';

/**
 * Secrets that a document names and that are not set where it is applied. A warning only: what counts is where the
 * workers run, and a secret may be set after the document that names it.
 */
export const missingSecrets = ({ report }: OperatingModel, isSet: (ref: string) => boolean): Problem[] =>
  report.destinations.flatMap((one, index) =>
    one.kind !== 'webhook' || one.mode === 'shadow' || isSet(one.secretRef)
      ? []
      : {
          path: `report.destinations[${index}].secretRef`,
          found: `"${one.secretRef}", and ${secretVariable(one.secretRef)} is not set here`,
          expected: `${secretVariable(one.secretRef)} in the environment of the workers; without it nothing is posted`,
        },
  );
