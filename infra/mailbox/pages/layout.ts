import { type Html, html, trusted } from '../../mail/report/html.ts';

/** A whole page. `refreshSeconds` has the browser load it again, so that new mail shows without a script. */
export function page(title: string, content: Html, refreshSeconds: number | null = null): string {
  const refresh = refreshSeconds === null ? null : html`<meta http-equiv="refresh" content="${refreshSeconds}">`;
  const document = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">${refresh}
<title>${title}</title>
<link rel="stylesheet" href="/style.css">
</head>
<body><main>${content}</main></body>
</html>
`;
  return document.markup;
}

/** An instant as a person reads it, in the zone of this machine, which is the reader's. */
export function readableTime(instant: string): Html {
  const said = new Date(instant).toLocaleString('en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  return html`<time datetime="${instant}">${said}</time>`;
}

/** Text of several lines for a `pre`. */
export function lines(text: string): Html {
  return html`${text.split(/\r?\n/).map((line, i) => html`${i === 0 ? null : trusted('\n')}${line}`)}`;
}
