import type { Explanation } from '../documents.ts';
import { cleanLine, plural, words } from '../text.ts';
import { type Cell, heading, right, table } from './table.ts';
import { amount, day, moment, state } from './values.ts';

type Version = Explanation['versions'][number];
type Change = NonNullable<Version['change']>;
type Records = NonNullable<Change['records']>;

/** A number that was published once has no history to tell, but for who was told of it. */
const isRevised = ({ versions }: Explanation): boolean => versions.length > 1;

/** `+24.15`, `-2.00`: a change has its sign. */
const signed = (value: string | null): string =>
  value === null || value.startsWith('-') || /^[0.]+$/.test(value) ? amount(value) : `+${amount(value)}`;

function decidedText({ decided }: Version): string {
  const { how, actor, onBehalfOf, reason } = decided;
  const who = actor === null ? '' : ` by ${onBehalfOf === null ? actor : `${actor} for ${onBehalfOf}`}`;
  return cleanLine(
    `${actor === null ? how : how.replace(/^by a decision$/, 'accepted')}${who}${reason === null ? '' : `: ${reason}`}`,
  );
}

/** Every version of the number, and what released each. */
export function versionsText(one: Explanation): string | undefined {
  if (!isRevised(one)) return undefined;
  const rows = one.versions.map((version): Cell[] => [
    right(String(version.version)),
    right(version.status === 'published' ? amount(version.value, version.currency) : version.status),
    version.reason === null ? '—' : words(version.reason),
    decidedText(version),
    state(version.certificate),
    moment(version.publishedAt),
  ]);
  return `${heading('Versions')}\n${table(['Version', 'Value', 'Reason', 'Released', 'Certificate', 'Published'], rows)}`;
}

function countsText({ new: added, changed, gone }: Records): string {
  const parts = [
    ['new', added],
    ['changed', changed],
    ['gone', gone],
  ] as const;
  const told = parts.filter(([, { records }]) => records > 0);
  return told.map(([what, { records, contribution }]) => `${records} ${what} (${signed(contribution)})`).join(', ');
}

function recordLines(records: Records): string[] {
  const { list, more, rest } = records;
  const rows = list.map((one): Cell[] => [
    one.state,
    one.source,
    one.key,
    `${one.file} line ${one.line}`,
    right(one.state === 'new' ? '—' : amount(one.before)),
    right(one.state === 'gone' ? '—' : amount(one.after)),
    right(signed(one.contribution)),
  ]);
  return [
    ...(rows.length === 0 ? [] : [table(['Record', 'Source', 'Key', 'Place', 'Before', 'After', 'Change'], rows)]),
    ...(more.records === 0 ? [] : [`And ${plural(more.records, 'more record')}: ${signed(more.contribution)}.`]),
    ...(rest === null ? [] : [`The rest, ${signed(rest.contribution)}: ${cleanLine(rest.why)}.`]),
  ];
}

function madeByText({ definition, transforms, model }: Change): string[] {
  const made = [
    ...(definition === null ? [] : [`definition ${definition.before} became ${definition.after}`]),
    ...transforms.map(
      ({ transform, before, after }) => `transform ${transform} ${before ?? '—'} became ${after ?? '—'}`,
    ),
    ...(model === null ? [] : [`operating model ${model.before} became ${model.after}`]),
  ];
  return made.length === 0 ? [] : [`Made otherwise: ${cleanLine(made.join(', '))}.`];
}

const partLines = ({ parts }: Change): string[] =>
  parts.length === 0
    ? []
    : [
        table(
          ['Made of', 'Before', 'After'],
          parts.map(({ metric, before, after }) => [metric, right(amount(before)), right(amount(after))]),
        ),
      ];

/** What the explained version has other than the one before it. */
export function changeText(one: Explanation): string | undefined {
  const change = one.versions.find((version) => version.version === one.version)?.change;
  if (!change) return undefined;
  const { from, before, after, difference, records } = change;
  const counts = records === null ? '' : countsText(records);
  const title = `What changed from version ${from}`;
  const sum = `${amount(before)} became ${amount(after)}${difference === null ? '' : ` (${signed(difference)})`}${counts === '' ? '.' : `: ${counts}.`}`;
  return [
    heading(title),
    sum,
    ...(records === null ? [] : recordLines(records)),
    ...partLines(change),
    ...madeByText(change),
  ].join('\n');
}

/** Who was told of which version. */
export function toldText(one: Explanation): string | undefined {
  if (!isRevised(one)) return undefined;
  const rows = one.versions.flatMap(({ version, told }) =>
    told.map(({ destination, kind, businessDate, status, recipients, at }): Cell[] => [
      right(String(version)),
      destination,
      `${kind} of ${day(businessDate)}`,
      status,
      right(String(recipients)),
      moment(at),
    ]),
  );
  if (rows.length === 0) return undefined;
  return `${heading('Told')}\n${table(['Version', 'Destination', 'By', 'Status', 'Recipients', 'When'], rows)}`;
}
