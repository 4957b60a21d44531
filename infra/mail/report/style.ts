/** Colours of the light design; contrast on white is at least 4.5:1 for every text colour. */
export const COLOUR = {
  page: '#eef1f5',
  card: '#ffffff',
  ink: '#17212e',
  muted: '#566373',
  line: '#e2e7ed',
  accent: '#1f5eb8',
  bar: '#b7c6de',
  negative: '#bf4f36',
  panel: '#f6f8fa',
  good: '#186c3f',
  goodBack: '#e3f4ea',
  caution: '#84500a',
  cautionBack: '#fdf1dc',
  alert: '#a12c22',
  alertBack: '#fdeae7',
} as const;

export type Tone = 'good' | 'caution' | 'alert';

export const FONT = "font-family:-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;";
export const MONO = "font-family:SFMono-Regular,Consolas,'Liberation Mono',Menlo,monospace;";
/** Figures stand in columns: digits of one width, never broken. */
export const FIGURE = 'font-variant-numeric:tabular-nums;white-space:nowrap;';

export function toneStyle(tone: Tone): string {
  return `color:${COLOUR[tone]};background-color:${COLOUR[`${tone}Back`]};`;
}

/**
 * What inline styles cannot say. A mail program that drops these sheets (Outlook on Windows) shows the light design in one
 * column, complete. Two sheets, because Gmail drops a whole sheet for one rule that it does not know.
 */
export const NARROW_SHEET = `
body { margin: 0; padding: 0; -webkit-text-size-adjust: 100%; }
table { border-collapse: separate; mso-table-lspace: 0; mso-table-rspace: 0; }
@media (max-width: 520px) {
  .pad { padding-left: 18px !important; padding-right: 18px !important; }
  .outer { padding: 0 !important; }
  .card { border-radius: 0 !important; border-left: 0 !important; border-right: 0 !important; }
  .wide { display: none !important; }
  .narrow { display: block !important; max-height: none !important; overflow: visible !important; }
  .hero { font-size: 32px !important; line-height: 40px !important; }
  .gap { padding-left: 8px !important; }
  .figure { font-size: 13px !important; }
}
`;
export const DARK_SHEET = `
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (prefers-color-scheme: dark) {
  .page { background-color: #0f141a !important; }
  .card { background-color: #182029 !important; border-color: #2b3642 !important; }
  .panel { background-color: #202a35 !important; border-color: #2b3642 !important; }
  .ink { color: #e9eef4 !important; }
  .muted { color: #a3b1c0 !important; }
  .accent { color: #86b6ff !important; }
  .line { border-color: #2f3b48 !important; }
  .axis { background-color: #4a5868 !important; }
  .bar { background-color: #4b617e !important; }
  .today { background-color: #6fa6ff !important; }
  .negative { background-color: #e07d66 !important; }
  .good { color: #8fdcb0 !important; background-color: #173626 !important; }
  .caution { color: #f2c67e !important; background-color: #3a2b12 !important; }
  .alert { color: #f7aaa1 !important; background-color: #43201c !important; }
}
`;
