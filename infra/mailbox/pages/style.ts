/** The one sheet of the mailbox's pages, for light and dark. Text keeps a contrast of 4.5:1 or more. */
export const STYLE_SHEET = `
:root {
  color-scheme: light dark;
  --page: #f4f6f9; --card: #fff; --ink: #17212e; --muted: #566373; --line: #e2e7ed; --accent: #1f5eb8; --hover: #f0f5fc;
  --note: #84500a; --note-back: #fdf1dc; --alert: #a12c22; --alert-back: #fdeae7;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0f141a; --card: #182029; --ink: #e9eef4; --muted: #a3b1c0; --line: #2b3642; --accent: #86b6ff; --hover: #202a35;
    --note: #f2c67e; --note-back: #3a2b12; --alert: #f7aaa1; --alert-back: #43201c;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--page); color: var(--ink);
  font: 15px/1.5 -apple-system, BlinkMacSystemFont, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif;
}
main { max-width: 980px; margin: 0 auto; padding: 28px 20px 56px; }
header { display: flex; align-items: baseline; gap: 12px; margin-bottom: 18px; }
main > p:first-child { margin-top: 0; }
h1 { font-size: 21px; line-height: 1.3; margin: 0; font-weight: 650; letter-spacing: -0.01em; overflow-wrap: anywhere; }
a { color: var(--accent); text-decoration: none; }
a:hover { text-decoration: underline; }
a:focus-visible, summary:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
.muted { color: var(--muted); }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; overflow: hidden; }
.mails { list-style: none; margin: 0; padding: 0; }
.mails li + li { border-top: 1px solid var(--line); }
.mail {
  display: grid; grid-template-columns: 190px minmax(150px, 250px) 1fr; gap: 2px 18px; padding: 12px 18px; color: inherit;
}
.mail:hover { background: var(--hover); text-decoration: none; }
.mail > *, .subject > :first-child { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.mail time { font-variant-numeric: tabular-nums; }
.mail > .subject { display: flex; font-weight: 550; }
.mark {
  flex: none; align-self: center; margin-left: 8px; padding: 0 8px; border-radius: 9px; font-size: 12px; line-height: 18px;
  color: var(--note); background: var(--note-back);
}
.mark.alert { color: var(--alert); background: var(--alert-back); margin-left: 0; }
.empty { padding: 64px 24px; text-align: center; }
.empty h2 { margin: 0 0 8px; font-size: 18px; font-weight: 600; }
.empty p { margin: 0 auto; max-width: 30em; color: var(--muted); }
.pages { margin: 16px 2px; }
.facts { display: grid; grid-template-columns: max-content 1fr; gap: 4px 16px; margin: 0; padding: 16px 18px; }
.facts dt { color: var(--muted); }
.facts dd { margin: 0; overflow-wrap: anywhere; }
iframe {
  display: block; width: 100%; height: 74vh; min-height: 420px; border: 0; border-top: 1px solid var(--line);
  background: #fff; color-scheme: light;
}
details { margin-top: 14px; }
summary { padding: 11px 18px; cursor: pointer; font-weight: 550; }
pre {
  margin: 0; padding: 14px 18px; border-top: 1px solid var(--line); white-space: pre-wrap; overflow-wrap: anywhere;
  font: 13px/1.55 SFMono-Regular, Consolas, 'Liberation Mono', Menlo, monospace;
}
.said { padding: 14px 18px; border-top: 1px solid var(--line); }
@media (max-width: 640px) {
  main { padding: 18px 12px 40px; }
  .mail { grid-template-columns: 1fr; }
  .mail > .subject { order: -1; }
  .subject > :first-child { white-space: normal; }
  .facts { grid-template-columns: 1fr; gap: 0; }
  .facts dd { margin-bottom: 8px; }
}
`;
