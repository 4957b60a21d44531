import { CommanderError } from 'commander';
import { type Failure, type FailureParts, failureOf, usage } from './failure.ts';
import { failureText, printJson, tell } from './output.ts';
import { createProgram } from './program.ts';

const isClosedPipe = (error: unknown): boolean => (error as NodeJS.ErrnoException)?.code === 'EPIPE';

/** Whoever reads our output may stop early (`meshline … | head`): that ends the command, and is no failure of it. */
function endOnClosedPipe(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error) => {
      if (isClosedPipe(error)) process.exit(process.exitCode ?? 0);
    });
  }
}

/** Commander ends by throwing, also after it printed help or the version. */
function failureOfCommander(error: CommanderError): Failure | undefined {
  if (error.exitCode === 0) return undefined;
  return usage(error.message.replace(/^error: /, ''), 'See the commands with `npx meshline --help`.');
}

/** `--version` alone asks for the program's; after a command it is an option of that command. */
const asWords = (words: readonly string[]): readonly string[] =>
  words.length === 1 && words[0] === '--version' ? ['--program-version'] : words;

const errorDocument = ({ exit, what, where, next, problems }: FailureParts) => ({
  error: { exit, what, where: where ?? null, next: next ?? null, problems: problems ?? [] },
});

async function report(failure: Failure, json: boolean): Promise<number> {
  const { parts } = failure;
  const { inReadersZone } = await import('./print/values.ts');
  await tell(failureText({ ...parts, what: inReadersZone(parts.what) }));
  if (json) await printJson(parts.document ?? errorDocument(parts));
  return parts.exit;
}

/**
 * Runs one command.
 * @param words the arguments after the program's name
 * @returns the exit code; nothing is thrown
 */
export async function run(words: readonly string[]): Promise<number> {
  endOnClosedPipe();
  let exit = 0;
  try {
    await createProgram((code) => {
      exit = code;
    }).parseAsync(asWords(words), { from: 'user' });
    return exit;
  } catch (error) {
    if (isClosedPipe(error)) return exit;
    const failure = error instanceof CommanderError ? failureOfCommander(error) : failureOf(error);
    if (!failure) return 0;
    if (process.env.MESHLINE_DEBUG) await tell(String((error as Error).stack));
    return report(failure, words.includes('--json'));
  }
}
