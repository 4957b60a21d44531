import { type Html, html, trusted } from './html.ts';
import { COLOUR, DARK_SHEET, FONT, NARROW_SHEET } from './style.ts';

export interface MailDocument {
  title: string;
  /** The line that an inbox shows beside the subject. */
  preheader: string;
  /** Table rows of the card, one section each. */
  sections: Html[];
  footer: Html;
}

/** Outlook on Windows ignores max-width; this table gives it the 640 pixels. */
const OUTLOOK_OPEN = trusted('<!--[if mso]><table role="presentation" width="640" align="center"><tr><td><![endif]-->');
const OUTLOOK_CLOSE = trusted('<!--[if mso]></td></tr></table><![endif]-->');
/** Keeps an inbox from filling the preview with the first table cells. */
const PREVIEW_END = trusted('&#847;&zwnj;&nbsp;'.repeat(60));

/** One column of at most 640 pixels: tables, inline styles, nothing loaded from elsewhere, no scripts. */
export function mailDocument({ title, preheader, sections, footer }: MailDocument): string {
  return html`<!doctype html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="telephone=no, date=no, address=no, email=no">
<title>${title}</title>
<style>${trusted(NARROW_SHEET)}</style>
<style>${trusted(DARK_SHEET)}</style>
</head>
<body class="page" style="margin:0;padding:0;background-color:${COLOUR.page};">
<div style="display:none;max-height:0;overflow:hidden;mso-hide:all;" aria-hidden="true">${preheader}${PREVIEW_END}</div>
<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" border="0" style="background-color:${COLOUR.page};">
<tr><td class="outer" align="center" style="padding:24px 12px;">
${OUTLOOK_OPEN}
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:640px;margin:0 auto;">
<tr><td class="card" style="background-color:${COLOUR.card};border:1px solid ${COLOUR.line};border-radius:12px;">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0">
${sections}
</table>
</td></tr>
<tr><td class="pad muted" style="padding:20px 32px 8px;${FONT}font-size:12px;line-height:19px;color:${COLOUR.muted};">${footer}</td></tr>
</table>
${OUTLOOK_CLOSE}
</td></tr>
</table>
</body>
</html>
`.markup;
}

/** One section of the card. */
export function section(content: Html, paddingTop = 24): Html {
  return html`<tr><td class="pad ink" style="padding:${paddingTop}px 32px 0;${FONT}font-size:14px;line-height:21px;color:${COLOUR.ink};">${content}</td></tr>
`;
}

export function sectionTitle(text: string): Html {
  return html`<h2 class="ink" style="margin:0 0 10px;${FONT}font-size:16px;line-height:22px;font-weight:600;color:${COLOUR.ink};">${text}</h2>`;
}

/** The last row of a card: room below. */
export const CARD_END = html`<tr><td style="height:28px;font-size:0;line-height:0;">&nbsp;</td></tr>`;
