import { type Ground, openGround } from './ground.ts';
import { runMatrix } from './matrix.ts';
import { POINTS } from './points.ts';

const MINUTES = 60_000;

const SAMPLE = [
  {
    target: 'worker+postgres',
    points: ['publish:before', 'deliver-sent:before', 'decision-recorded:before'],
  },
  {
    target: 'worker+temporal',
    points: ['normalize:after', 'publish:after', 'exception-opened:after'],
  },
];

describe('closes that are cut off', () => {
  let ground: Ground;
  // A first start may have to build the engine.
  beforeAll(async () => {
    ground = await openGround();
  }, 20 * MINUTES);
  afterAll(() => ground.dispose(), 2 * MINUTES);

  test.each(SAMPLE)(
    'by a kill of $target end by themselves as if nothing had happened',
    async ({ target, points: names }) => {
      const points = POINTS.filter((one) => names.some((name) => one.name.startsWith(name)));
      const cases = await runMatrix(ground, { points, targets: [target] });
      expect(cases).toHaveLength(names.length);
      expect(cases.filter((one) => one.deviations.length > 0)).toEqual([]);
    },
    5 * MINUTES,
  );
});
