import type { AuditDocument, Verification } from '../documents.ts';
import { cleanLine, plural, words } from '../text.ts';
import { heading, page, toned } from './table.ts';
import { attemptState, clock, day, moment } from './values.ts';

type Chapter = AuditDocument['story'][number];
type Attempt = AuditDocument['attempts'][number];

const who = ({ actor, onBehalfOf }: Chapter) =>
  cleanLine(onBehalfOf === undefined ? actor : `${actor} for ${onBehalfOf}`);

const line = (chapter: Chapter) => `  ${clock(chapter.at)}  ${who(chapter)}: ${cleanLine(chapter.text)}`;

function attemptHeading(attempt: number | null, attempts: readonly Attempt[], first: Chapter): string {
  if (attempt === null) return heading(moment(first.at));
  const found = attempts.find((one) => one.attempt === attempt);
  if (!found) return heading(`Attempt ${attempt}, ${moment(first.at)}`);
  const ended = attemptState(found);
  const cause = `${words(found.cause)}, operating model ${found.modelVersion}`;
  return `${heading(`Attempt ${attempt}, ${moment(found.startedAt)}`)} (${cause}): ${toned(ended.text, ended.tone)}`;
}

/** Events in their order; those of one attempt that follow each other are one chapter. */
function chapters(story: readonly Chapter[]): Chapter[][] {
  const parts: Chapter[][] = [];
  for (const one of story) {
    const last = parts.at(-1);
    if (last && last[0]!.attempt === one.attempt) last.push(one);
    else parts.push([one]);
  }
  return parts;
}

/** What happened on a day, as a story. */
export function auditText({ client, businessDate, story, attempts }: AuditDocument): string {
  const parts = chapters(story).map((part) =>
    [attemptHeading(part[0]!.attempt, attempts, part[0]!), ...part.map(line)].join('\n'),
  );
  return page(heading(`${client}, ${day(businessDate)}`), ...parts);
}

export function verificationText({ ok, events, problems }: Verification): string {
  if (ok) return `The audit trail is whole: ${plural(events, 'event')}, each chained to the one before.`;
  const lines = problems.map(
    ({ client, sequence, problem }) => `  ${cleanLine(client)}, event ${sequence}: ${cleanLine(problem)}`,
  );
  return [
    toned(`The audit trail is not whole: ${plural(problems.length, 'problem')} in ${plural(events, 'event')}.`, 'bad'),
    ...lines,
    '',
    'Next: compare these events with a backup of the database, and find out who can write to it.',
  ].join('\n');
}
