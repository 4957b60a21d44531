import { words } from '../text.ts';
import type { Tone } from './table.ts';

const NUMBER = /^(-?)(\d+)(\.\d+)?$/;

/** `58635.56` as `58,635.56`; digits are never changed, for nothing rounds here. */
export function amount(value: string | null | undefined, currency?: string | null): string {
  if (value === null || value === undefined) return '—';
  const [, sign = '', whole, rest = ''] = NUMBER.exec(value) ?? [];
  const grouped = whole === undefined ? value : `${sign}${whole.replace(/\B(?=(\d{3})+$)/g, ',')}${rest}`;
  return currency ? `${grouped} ${currency}` : grouped;
}

const TONES: Readonly<Record<string, Tone>> = {
  published: 'good',
  reconciled: 'good',
  matched: 'good',
  resolved: 'good',
  found: 'good',
  captured: 'good',
  partially_published: 'caution',
  waiting: 'caution',
  withheld: 'caution',
  lapsed: 'caution',
  qualified: 'caution',
  not_reconciled: 'caution',
  absent: 'caution',
  awaiting_decision: 'caution',
  awaiting_second: 'caution',
  overdue: 'bad',
  difference: 'bad',
  rejected: 'bad',
  failed: 'bad',
  cancelled: 'bad',
  open: 'bad',
  acknowledged: 'caution',
  closed: 'quiet',
  sent: 'good',
  draft: 'caution',
  pending: 'caution',
  uncertain: 'bad',
  stored: 'quiet',
  superseded: 'quiet',
  soft_closed: 'caution',
  locked: 'good',
  critical: 'bad',
  major: 'caution',
};

/** A state in words, in the colour of what it means. */
export const state = (name: string | null | undefined) =>
  name ? { text: words(name), tone: TONES[name] } : { text: '—' };

/** What an attempt came to: one that has ended and left its day running is followed by another. */
export const attemptState = ({ status, endedAt }: { status: string; endedAt: string | null }) =>
  endedAt !== null && status === 'running' ? { text: 'the day is run anew by itself', tone: undefined } : state(status);

const DAY = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC',
});

/** `2010-12-01` as `Wed 1 Dec 2010`. */
export const day = (date: string): string => {
  const instant = new Date(`${date}T00:00:00Z`);
  return Number.isNaN(instant.getTime()) ? date : DAY.format(instant).replaceAll(',', '');
};

const MOMENT = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});

const CLOCK = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });

/** The time of day of an instant in the reader's own zone: `11:00:07`. */
export const clock = (instant: string): string =>
  Number.isNaN(Date.parse(instant)) ? instant : CLOCK.format(new Date(instant));

/** An instant in the reader's own zone: `Thu 2 Dec 11:00`. */
export function moment(instant: string | null | undefined): string {
  if (!instant) return '—';
  const at = new Date(instant);
  return Number.isNaN(at.getTime()) ? instant : MOMENT.format(at).replaceAll(',', '');
}

const INSTANT = /\b\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z/g;

/** A sentence with its instants as the reader's own clock shows them. */
export const inReadersZone = (sentence: string): string => sentence.replace(INSTANT, moment);

const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;
const RELATIVE = new Intl.RelativeTimeFormat('en', { numeric: 'always' });

/** `in 2 hours`, `3 days ago`, as seen from an instant. */
export function relative(instant: string, nowMs: number): string {
  const seconds = (Date.parse(instant) - nowMs) / 1000;
  const [unit, size] = UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? ['minute', 60];
  return RELATIVE.format(Math.trunc(seconds / size), unit);
}

/** When something is due: the moment and how far away it is. */
export function due(instant: string | null | undefined, nowMs = Date.now()): string {
  if (!instant || Number.isNaN(Date.parse(instant))) return instant || '—';
  return `${moment(instant)} (${relative(instant, nowMs)})`;
}
