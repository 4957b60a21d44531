import { htmlEscape } from 'escape-goat';

/** Markup that is already safe. Only `html` and `trusted` make one, so no text gets into a mail unescaped. */
export class Html {
  readonly markup: string;
  constructor(markup: string) {
    this.markup = markup;
  }
}

export type HtmlValue = string | number | null | Html | readonly Html[];

/** Tagged template: text is escaped (also for quoted attributes), `Html` is kept, null is nothing, lists are joined. */
export function html(strings: TemplateStringsArray, ...values: HtmlValue[]): Html {
  return new Html(strings.reduce((built, chunk, i) => built + markupOf(values[i - 1] ?? null) + chunk));
}

/** Marks a constant of ours as markup (conditional comments, style sheets). Never call it on data. */
export function trusted(markup: string): Html {
  return new Html(markup);
}

/** An identifier that may wrap after its punctuation: `average_order_value@1` is wider than a phone's column. */
export function breakable(identifier: string): Html {
  const parts = identifier.split(/(?<=[_/.:-])|(?=@)/);
  return html`${parts.map((part, i) => (i === 0 ? html`${part}` : html`<wbr>${part}`))}`;
}

/** Text that stays on one line. */
export function unbroken(text: string): Html {
  return html`<span style="white-space:nowrap;">${text}</span>`;
}

/** A figure whose last digit stands under the others': the closing parenthesis of a deduction hangs out. */
export function hanging(printed: string): Html {
  return printed.endsWith(')') ? html`${printed}` : html`<span style="padding-right:0.34em;">${printed}</span>`;
}

function markupOf(value: HtmlValue): string {
  if (value === null) return '';
  if (value instanceof Html) return value.markup;
  if (typeof value === 'object') return value.map((part) => part.markup).join('');
  return htmlEscape(visible(String(value)));
}

/** Control characters and direction overrides could make a name read as something that it is not. */
export function visible(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]+/gu, ' ');
}
