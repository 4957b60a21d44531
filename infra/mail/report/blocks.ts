import type { Tone } from './style.ts';

/** A mail's running parts, written once and set twice: as HTML and as plain text. */
export type Block =
  | { kind: 'heading'; text: string }
  | { kind: 'paragraph'; text: string; tone: Tone | null }
  | { kind: 'list'; items: string[]; numbered: boolean }
  | { kind: 'figures'; rows: Figure[] }
  | { kind: 'commands'; commands: Command[] };

export interface Figure {
  label: string;
  value: string;
  strong: boolean;
}

export interface Command {
  /** "Accept the difference" */
  title: string;
  effect: string;
  /** Ready to paste into a shell. */
  line: string;
}

export function heading(text: string): Block {
  return { kind: 'heading', text };
}

export function paragraph(text: string, tone: Tone | null = null): Block {
  return { kind: 'paragraph', text, tone };
}

export function list(items: string[], numbered = false): Block {
  return { kind: 'list', items, numbered };
}
