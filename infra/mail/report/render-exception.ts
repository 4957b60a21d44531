import type { Block } from './blocks.ts';
import { blocksHtml } from './blocks-html.ts';
import { blocksText } from './blocks-text.ts';
import { CARD_END, mailDocument, section } from './document.ts';
import { deadlinePassedBlocks, endedBlocks, healingBlocks, openedBlocks } from './exception-blocks.ts';
import type { DeadlinePassedView, EndedView, ExceptionView, HealingView, QuestionKind } from './exception-view.ts';
import { longDate, printWithCode, shortDate } from './format.ts';
import { type Html, html, visible } from './html.ts';
import { COLOUR, FONT, type Tone, toneStyle } from './style.ts';
import { edges, rule, tidy, wrap } from './text-layout.ts';
import type { RenderedMail } from './view.ts';

const QUESTIONS: Readonly<Record<QuestionKind, string>> = {
  asked: 'Decision needed',
  handed_over: 'Decision needed',
  deputy: 'Decision needed',
  second: 'Second person needed',
  reminder: 'Reminder',
};

/**
 * To whoever is asked to decide: the owner when an exception opens, and whoever has it later. Pure; throws RangeError
 * for an amount that is no decimal string.
 */
export function renderExceptionOpened(view: ExceptionView, kind: QuestionKind = 'asked'): RenderedMail {
  return render(view, { label: QUESTIONS[kind], tone: 'caution' }, openedBlocks(view));
}

/** To whoever would be asked, while the system tries by itself. Pure; throws as `renderExceptionOpened`. */
export function renderHealing(view: HealingView): RenderedMail {
  return render(view, { label: 'Trying again', tone: 'caution' }, healingBlocks(view));
}

/** To everyone who was told of an exception, when it has ended. Pure; throws as `renderExceptionOpened`. */
export function renderExceptionEnded(view: EndedView): RenderedMail {
  const badge: Badge =
    view.state === 'resolved' ? { label: 'Resolved', tone: 'good' } : { label: 'Rejected', tone: 'alert' };
  return render(view, badge, endedBlocks(view));
}

/** To whom it was escalated when the owner's deadline passes. Pure; throws as `renderExceptionOpened`. */
export function renderDeadlinePassed(view: DeadlinePassedView): RenderedMail {
  return render(view, { label: 'Deadline passed', tone: 'alert' }, deadlinePassedBlocks(view));
}

interface Badge {
  label: string;
  tone: Tone;
}

function render(view: ExceptionView, badge: Badge, blocks: Block[]): RenderedMail {
  return { subject: subject(view, badge), html: asHtml(view, badge, blocks), text: asText(view, badge, blocks) };
}

/** "Decision needed: Online Retail, Wed 1 Dec 2010, invoiced total GBP (8,795.12)" */
function subject(view: ExceptionView, { label }: Badge): string {
  const difference = view.comparison?.difference;
  const amount = difference === undefined ? '' : ` ${printWithCode(difference, view.currency, view)}`;
  const day = `${shortDate(view.businessDate)} ${view.businessDate.slice(0, 4)}`;
  return visible(`${label}: ${view.client.name}, ${day}, ${view.metricTitle.toLowerCase()}${amount}`);
}

function asHtml(view: ExceptionView, badge: Badge, blocks: Block[]): string {
  return mailDocument({
    title: subject(view, badge),
    preheader: view.finding,
    sections: [section(header(view, badge), 28), ...blocksHtml(blocks), CARD_END],
    footer: html`${reference(view)}`,
  });
}

function header(view: ExceptionView, { label, tone }: Badge): Html {
  return html`<div style="padding-bottom:8px;font-size:12px;line-height:20px;"><span class="${tone}" style="${toneStyle(tone)}display:inline-block;border-radius:11px;padding:1px 11px;font-weight:600;">${label}</span></div>
<h1 class="ink" style="margin:0;${FONT}font-size:20px;line-height:28px;font-weight:700;color:${COLOUR.ink};">${view.metricTitle}: ${view.client.name}</h1>
<div class="muted" style="font-size:14px;line-height:21px;color:${COLOUR.muted};">${longDate(view.businessDate)}</div>`;
}

function asText(view: ExceptionView, { label }: Badge, blocks: Block[]): string {
  return tidy([
    ...wrap(`${view.metricTitle}: ${view.client.name}`.toUpperCase()),
    ...edges(longDate(view.businessDate), label),
    rule(),
    ...blocksText(blocks),
    '',
    rule(),
    ...wrap(reference(view)),
  ]);
}

function reference(view: ExceptionView): string {
  return `Exception ${view.exceptionId}, version ${view.version}, ${view.kind}. Sent to ${view.recipient.name}, times in ${view.recipient.timezone}.`;
}
