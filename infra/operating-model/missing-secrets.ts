import type { OperatingModel } from '../../schemas/operating-model.ts';
import type { Problem } from '../../schemas/problem.ts';
import { secretVariable } from '../webhook/secrets.ts';

/** Which secrets are set, and where that is so. */
export type KnownSecrets = { where: string; isSet(ref: string): boolean };

/**
 * Secrets that a document names and that are not set. A warning only: a secret may be set after the document that names
 * it.
 */
export const missingSecrets = ({ report }: OperatingModel, { where, isSet }: KnownSecrets): Problem[] =>
  report.destinations.flatMap((one, index) =>
    one.kind !== 'webhook' || one.mode === 'shadow' || isSet(one.secretRef)
      ? []
      : {
          path: `report.destinations[${index}].secretRef`,
          found: `"${one.secretRef}", and ${secretVariable(one.secretRef)} is not set ${where}`,
          expected: `${secretVariable(one.secretRef)} in the environment of the workers; without it nothing is posted`,
        },
  );
