import type { Explanation } from '../documents.ts';
import { cleanLine, plural, words } from '../text.ts';
import { changeText, toldText, versionsText } from './explain-versions.ts';
import { standingText } from './period-standing.ts';
import { heading, page, right, table, toned } from './table.ts';
import { amount, day, moment, state } from './values.ts';

const SHORT_HASH = 12;
const short = (hash: string) => hash.slice(0, SHORT_HASH);

function headText(one: Explanation): string {
  const { client, metric, store, slice, businessDate, value, currency, version, status } = one;
  const of = [store !== client && store, slice && `${slice.dimension} ${slice.member}`].filter(Boolean).join(', ');
  const shown = status === 'published' ? amount(value, currency) : status;
  return `${heading(`${metric} of ${client}${of && ` (${of})`}, ${day(businessDate)}`)}: ${shown}, version ${version}, ${one.finality}`;
}

function recomputedText({ recomputed, currency }: Explanation): string {
  const { value, equal, records } = recomputed;
  const computed = `Computed afresh from ${plural(records, 'raw record')} it is ${amount(value, currency)}`;
  return equal ? toned(`${computed}: the same.`, 'good') : toned(`${computed}: NOT the same.`, 'bad');
}

function certificateText({ certified, definition, title, owner, reason, version, versions }: Explanation): string {
  const inWords = versions.find((one) => one.version === version)?.certificateWords;
  const { state: now, issuedAt, attempt, modelVersion, lapsed, audit, inputHash } = certified;
  return [
    `  Definition   ${cleanLine(definition)}, ${cleanLine(title)}; ${cleanLine(owner)} answers for it`,
    `  Certificate  ${state(now).text}, issued ${moment(issuedAt)} by attempt ${attempt} under operating model ${modelVersion}`,
    ...(inWords ? [`  In words     ${cleanLine(inWords)}`] : []),
    ...(lapsed === null ? [] : [`  Lapsed       ${moment(lapsed.at)}: ${cleanLine(lapsed.reason)}`]),
    ...(reason === null ? [] : [`  Revision     ${words(reason)}`]),
    `  Inputs       hash ${short(inputHash)}; event ${audit.sequence} of the audit trail, hash ${short(audit.hash)}`,
  ].join('\n');
}

const section = (title: string, head: readonly string[], rows: Parameters<typeof table>[1]): string | undefined =>
  rows.length === 0 ? undefined : `${heading(title)}\n${table(head, rows)}`;

const inputsText = ({ inputs }: Explanation) =>
  section(
    'Read from',
    ['Source', 'File', 'Records', 'Captured', 'Content'],
    inputs.flatMap(({ source, captures }) =>
      captures.map(({ file, records, capturedAt, contentHash }) => [
        source,
        file,
        right(String(records)),
        moment(capturedAt),
        short(contentHash),
      ]),
    ),
  );

const transformsText = ({ transforms }: Explanation) =>
  section(
    'Turned into entries by',
    ['Transform', 'Version', 'Owner'],
    transforms.map(({ transform, version, owner }) => [transform, right(String(version)), owner]),
  );

const checksText = ({ checks }: Explanation) =>
  section(
    'Checked by',
    ['Check', 'Severity', 'Status'],
    checks.map(({ check, severity, status }) => [check, severity, state(status)]),
  );

const controlsText = ({ controls }: Explanation) =>
  section(
    'Compared with',
    ['Control', 'Ours', 'Theirs', 'Difference', 'Unreconciled', 'Status'],
    controls.map((one) => [
      one.slice ? `${one.control} · ${one.slice}` : one.control,
      right(amount(one.ours)),
      right(amount(one.theirs)),
      right(amount(one.difference)),
      right(amount(one.unreconciled)),
      state(one.status),
    ]),
  );

const decisionsText = ({ decisions }: Explanation) =>
  section(
    'Decided',
    ['When', 'Who', 'What', 'Why'],
    decisions.map(({ at, actor, onBehalfOf, verb, reason }) => [
      moment(at),
      onBehalfOf === null ? actor : `${actor} for ${onBehalfOf}`,
      verb === 'approve' ? 'accepted the difference' : verb,
      reason,
    ]),
  );

const deliveriesText = ({ deliveries }: Explanation) =>
  section(
    'Delivered',
    ['Report', 'Destination', 'Mode', 'Status', 'To', 'When'],
    deliveries.map(({ report, destination, mode, status, recipients, sentAt }) => [
      report,
      destination,
      mode,
      status,
      recipients.join(', '),
      moment(sentAt),
    ]),
  );

/** A number and all that it rests on, for a person. */
export function explainText(one: Explanation): string {
  return page(
    headText(one),
    standingText(one.period),
    recomputedText(one),
    certificateText(one),
    versionsText(one),
    changeText(one),
    inputsText(one),
    transformsText(one),
    checksText(one),
    controlsText(one),
    decisionsText(one),
    deliveriesText(one),
    toldText(one),
  );
}
