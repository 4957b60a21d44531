import { judgeRelease, type Release, type ReleaseInput } from '../../../domain/exception/maker-checker.ts';
import type { MakerChecker } from '../../../schemas/operating-model.ts';

const release = (more: Partial<Release> = {}): Release => ({
  differenceMicros: -5_000_000_000n,
  withheld: ['gross_sales', 'net_sales'],
  published: [],
  makers: [{ source: 'shop', person: 'mia' }],
  ...more,
});
const says = (actor: string, more: Partial<ReleaseInput> = {}): ReleaseInput => ({
  verb: 'approve',
  args: {},
  actor,
  onBehalfOf: null,
  via: 'api',
  ...more,
});
const proposal = { verb: 'approve', args: {}, actor: 'ann' } as const;
const LARGE: MakerChecker = { amountAbove: '1000.00' };

const judged = (rule: MakerChecker | undefined, one: ReleaseInput, first?: Parameters<typeof judgeRelease>[3]) =>
  judgeRelease(rule, release(), one, first).as;

describe('where the model asks for two people', () => {
  test.each<[string, MakerChecker | undefined, Partial<Release>, 'take' | 'propose']>([
    ['nothing is stated', undefined, {}, 'take'],
    ['the amount is above', LARGE, {}, 'propose'],
    ['the amount is equal', { amountAbove: '5000' }, {}, 'take'],
    ['there is no amount', LARGE, { differenceMicros: null }, 'take'],
    ['the metric is withheld', { metrics: ['net_sales'] }, {}, 'propose'],
    ['another metric is withheld', { metrics: ['orders'] }, {}, 'take'],
    ['the day has published it', { publishedDay: true }, { published: ['net_sales'] }, 'propose'],
    ['the day has not published it', { publishedDay: true }, {}, 'take'],
    ['a published day is not asked for', {}, { published: ['net_sales'] }, 'take'],
  ])('%s', (_, rule, more, expected) => {
    expect(judgeRelease(rule, release(more), says('ann'), undefined).as).toBe(expected);
  });

  test('another person who says the same agrees', () => expect(judged(LARGE, says('ben'), proposal)).toBe('take'));

  test('the same person is no second one', () => {
    expect(judgeRelease(LARGE, release(), says('ann'), proposal)).toEqual({
      as: 'refuse',
      why: 'ann has proposed this; another person must agree.',
    });
  });

  test('--as makes nobody another person, in neither direction', () => {
    expect(judged(LARGE, says('ann', { onBehalfOf: 'ben' }), proposal)).toBe('refuse');
    expect(judged(LARGE, says('ben', { onBehalfOf: 'ann' }), proposal)).toBe('refuse');
  });

  test('a signal is neither the first nor the second', () => {
    expect(judged(LARGE, says('temporal:ben', { via: 'signal' }), proposal)).toBe('refuse');
    expect(judged(LARGE, says('temporal:ben', { via: 'signal' }))).toBe('refuse');
  });

  test('a service is neither the first nor the second', () => {
    const robot = says('robot', { service: true });
    expect(judged(LARGE, robot)).toBe('refuse');
    expect(judgeRelease(LARGE, release(), robot, proposal)).toEqual({
      as: 'refuse',
      why: 'This needs people, and the token of robot belongs to a service. Decide with a token of your own.',
    });
    expect(judged(undefined, robot)).toBe('take');
    expect(judged(LARGE, says('robot', { service: true, verb: 'rerun' }))).toBe('take');
  });

  test('something else is another proposal', () => {
    const fix = says('ben', { verb: 'apply_fix', args: { fix: 'f1' } });
    expect(judged(LARGE, fix, proposal)).toBe('propose');
    expect(judged(LARGE, fix, { verb: 'apply_fix', args: { fix: 'f2' }, actor: 'ann' })).toBe('propose');
    expect(judged(LARGE, fix, { verb: 'apply_fix', args: { fix: 'f1' }, actor: 'ann' })).toBe('take');
  });

  test.each(['reject', 'rerun', 'claim', 'comment'] as const)('one is enough to %s', (verb) => {
    expect(judged(LARGE, says('ann', { verb, via: 'signal' }))).toBe('take');
  });
});

describe('whoever applied the transform that the day uses', () => {
  test('cannot accept the difference, also where one person is enough', () => {
    expect(judgeRelease({}, release(), says('mia'), undefined)).toEqual({
      as: 'refuse',
      why: 'mia applied the transform of shop that the day uses; somebody else must accept the difference that it may have made.',
    });
    expect(judged({}, says('ann', { onBehalfOf: 'mia' }))).toBe('refuse');
    expect(judged(LARGE, says('mia'), proposal)).toBe('refuse');
  });

  test('may do so where the model asks for nothing', () => expect(judged(undefined, says('mia'))).toBe('take'));
});
