import type { Problem } from '../schemas/problem.ts';
import { errorColors as colors } from './colors.ts';
import type { FailureParts } from './failure.ts';
import { clean, cleanLine } from './text.ts';

/** Resolves when the text has left the process, so that a closed pipe is noticed before the command ends. */
export const write = (stream: NodeJS.WriteStream, text: string): Promise<void> =>
  new Promise((resolve, reject) => {
    stream.write(text, (error) => (error ? reject(error) : resolve()));
  });

/** The one JSON document of a command, on stdout. */
export const printJson = (document: unknown): Promise<void> =>
  write(process.stdout, `${JSON.stringify(document, null, 2)}\n`);

export const printText = (text: string): Promise<void> =>
  write(process.stdout, text.endsWith('\n') ? text : `${text}\n`);

/** A line for the person who watches; never on stdout. */
export const tell = (line: string): Promise<void> => write(process.stderr, `${line}\n`);

const place = ({ file, line }: Problem) => (file === undefined ? '' : line === undefined ? file : `${file}:${line}`);

/** `models/shop.yaml:12`, then the path in the document, what stood there, what may stand there. */
export function problemLines(problem: Problem): string[] {
  const at = [place(problem), cleanLine(problem.path)].filter((part) => part !== '').join('  ');
  return [
    `  ${at || 'the document'}`,
    `    found     ${cleanLine(problem.found)}`,
    `    expected  ${cleanLine(problem.expected)}`,
  ];
}

/** What happened, where, every problem, and what to do next. */
export function failureText({ what, where, next, problems = [] }: FailureParts): string {
  return [
    `${colors.red('error:')} ${clean(what)}`,
    ...(where === undefined ? [] : [`${colors.bold('where:')} ${clean(where)}`]),
    ...problems.flatMap(problemLines),
    ...(next === undefined ? [] : [`${colors.bold('next: ')} ${clean(next)}`]),
  ].join('\n');
}
