import { type Block, heading, list, paragraph } from './blocks.ts';
import { printRecords, printWithCode } from './format.ts';
import type { ReportView, SourceCompleteness, WithheldItem } from './view.ts';
import { provenanceNotes } from './wording.ts';

/** What stands under the tables: withheld, in suspense, revised. */
export function reportNotes(view: ReportView): Block[] {
  return [...withheldNotes(view), ...suspenseNotes(view), ...revisionNotes(view)];
}

/** Where the numbers come from, and what they are; it ends the report. */
export function originNotes(view: ReportView): Block[] {
  const notes = provenanceNotes(view.rows);
  const footer = view.footer.map((line) => paragraph(line));
  return [
    ...(notes.length === 0 ? [] : [heading('Where these numbers come from'), list(notes, true)]),
    ...(footer.length === 0 ? [] : [heading('What these numbers are'), ...footer]),
  ];
}

/** `orders: 210 valid records, 84 % of the usual 250`. */
function completenessText({ source, valid, usual }: SourceCompleteness): string {
  const records = `${source}: ${valid.toLocaleString('en')} valid ${valid === 1 ? 'record' : 'records'}`;
  if (usual === null || usual === 0) return `${records}; what is usual on this weekday is not known yet`;
  return `${records}, ${Math.round((valid * 100) / usual)} % of the usual ${usual.toLocaleString('en')}`;
}

function withheldNotes({ withheld, completeness }: ReportView): Block[] {
  if (withheld.length === 0) return [];
  const byCause = Map.groupBy(withheld, ({ reason, owner }) => `${withFullStop(reason)} Owner: ${owner}.`);
  return [
    heading('Withheld'),
    list([...byCause].map(([cause, items]) => `${items.map(withheldName).join('; ')}: ${cause}`)),
    ...(completeness.length === 0
      ? []
      : [heading('How complete the day is'), list(completeness.map(completenessText))]),
  ];
}

const withheldName = ({ title, slice }: WithheldItem): string => `${title}${slice === null ? '' : ` (${slice})`}`;

function suspenseNotes(view: ReportView): Block[] {
  const { amount, records } = view.inSuspense;
  if (records === 0) return [];
  const sum = amount === null ? 'an amount not known yet' : printWithCode(amount, view.currency, view);
  const verb = records === 1 ? 'is' : 'are';
  const text = `${printRecords(records)} with ${sum} ${verb} held in suspense: validation failed and a decision is pending. No number above contains them.`;
  return [heading('In suspense'), paragraph(text, 'caution')];
}

function revisionNotes({ revisions }: ReportView): Block[] {
  return revisions.length === 0 ? [] : [heading('Revisions'), ...revisions.map((line) => paragraph(line))];
}

function withFullStop(sentence: string): string {
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}
