import { entriesOf, metricsOfDay, modelOf } from '../support/facts.ts';
import { GOLDEN_CASES } from '../support/golden-cases.ts';

describe('the fixtures of the metric definitions', () => {
  test.each(GOLDEN_CASES.map((one) => [one.id, one.title, one] as const))(
    '%s: %s',
    (_id, _title, { model, files, expected }) => {
      const resolved = modelOf(model);
      const entries = entriesOf(resolved, files);
      for (const [date, numbers] of Object.entries(expected))
        expect({ date, ...metricsOfDay(resolved, entries, date) }).toMatchObject({ date, ...numbers });
    },
  );
});
