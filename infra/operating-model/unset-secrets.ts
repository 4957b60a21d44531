import { problem } from '../../domain/policy/rule.ts';
import type { OperatingModel } from '../../schemas/operating-model.ts';
import type { Problem } from '../../schemas/problem.ts';
import { secretVariable } from '../webhook/secrets.ts';

/**
 * Destinations whose secret is not set where the workers run: nothing can be posted to them. One in the shadows is
 * posted nothing anyway.
 * @param known variables that are set there
 */
export const unsetSecrets = ({ report }: OperatingModel, known: ReadonlySet<string>): readonly Problem[] =>
  report.destinations.flatMap((one, index) => {
    if (one.kind !== 'webhook' || one.mode === 'shadow') return [];
    const variable = secretVariable(one.secretRef);
    if (known.has(variable)) return [];
    const found = `"${one.secretRef}", and ${variable} is not set where the workers run: nothing can be posted`;
    return [
      problem(['report', 'destinations', index, 'secretRef'], found, 'that variable set, and the workers restarted'),
    ];
  });
