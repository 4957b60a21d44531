import { spawn } from 'node:child_process';
import { resolve } from 'node:path';

export type Ended = { exit: number | null; stdout: string; stderr: string };
type Environment = Readonly<Record<string, string>>;

const MAIN = resolve(import.meta.dirname, '../../../cli/main.ts');

// What the person who runs the tests has set must not reach an installation of theirs.
const BARE = { PATH: process.env.PATH ?? '', HOME: '/nonexistent' };

function collect(command: string, args: readonly string[], env: Environment): Promise<Ended> {
  return new Promise((done, fail) => {
    const child = spawn(command, args, { env: { ...BARE, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    const ended = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].setEncoding('utf8').on('data', (part: string) => {
        ended[stream] += part;
      });
    }
    child.on('error', fail);
    child.on('close', (exit) => done({ exit, ...ended }));
  });
}

/** Runs the real program as a process of its own. @param env all that it sees of the environment, but for PATH */
export const runCli = (words: readonly string[], env: Environment = {}): Promise<Ended> =>
  collect(process.execPath, [MAIN, ...words], env);

/** Runs a line of a shell in which `$CLI` is the program, for what only pipes can show. */
export const runInShell = (line: string, env: Environment): Promise<Ended> =>
  collect('bash', ['-c', line], { ...env, CLI: `${process.execPath} ${MAIN}` });
