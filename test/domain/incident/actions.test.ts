import { causeOfEndings, decidedWords } from '../../../domain/incident/actions.ts';

const applied = { verb: 'apply_fix', reason: 'the till lost a point.', fix: 'Read 5044 as 50.44' } as const;

test('what was decided is told by what it did and why; a fix by its title', () => {
  expect(decidedWords(applied)).toBe('applied the fix "Read 5044 as 50.44": the till lost a point');
  expect(decidedWords({ ...applied, fix: null })).toBe('applied a fix: the till lost a point');
  expect(decidedWords({ verb: 'rerun', reason: 'the page is there', fix: null })).toBe(
    'ran the day anew: the page is there',
  );
});

test('the cause of an incident that ended by itself says who did what, or that it is no longer found, each once', () => {
  const differs = { message: 'gross sales differs by 5.00 GBP.', resolution: 'no longer found' };
  const mended = { ...differs, decided: { ...applied, actor: 'ada' } };
  expect(causeOfEndings([mended, mended, { ...differs, message: 'orders differ', decided: null }])).toBe(
    'gross sales differs by 5.00 GBP: ada applied the fix "Read 5044 as 50.44": the till lost a point; orders differ: it is no longer found.',
  );
});
