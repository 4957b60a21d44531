import type { ExportDestination } from '../../schemas/operating-model.ts';
import type { Steps } from '../../schemas/path.ts';
import type { Problem } from '../../schemas/problem.ts';
import { problem, quoted, type Rule, section } from './rule.ts';

const PLACES = { day: '{date}', month: '{month}' } as const;

/** A file of each day, or of each month, has a name of its own, and one that says how it is written. */
function judgeLocation({ by, format, location }: ExportDestination, at: Steps): readonly Problem[] {
  const place = PLACES[by];
  const other = PLACES[by === 'day' ? 'month' : 'day'];
  const isPlaced = location.includes(place) && !location.includes(other);
  if (isPlaced && location.endsWith(`.${format}`)) return [];
  return [problem(at, quoted(location), `a path with ${place} in it that ends with .${format}`)];
}

/** Every export can be written: its files have names of their own, and no other export writes them too. */
export const exportsArePlaced: Rule = (model, context) => {
  const all = (section(model, 'report', context)?.destinations ?? []).map((item, index) => ({
    item,
    at: ['report', 'destinations', index, 'location'] as Steps,
  }));
  const exports = all.flatMap(({ item, at }) => (item.kind === 'export' ? [{ item, at }] : []));
  return exports.flatMap(({ item, at }, index) => {
    const first = exports.slice(0, index).find((one) => one.item.location === item.location);
    const twice = first && problem(at, `${quoted(item.location)}, which ${first.item.id} writes`, 'a path of its own');
    return [...judgeLocation(item, at), ...(twice ? [twice] : [])];
  });
};
