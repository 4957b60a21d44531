import pc from 'picocolors';

const { FORCE_COLOR, NO_COLOR, TERM } = process.env;

/**
 * Whether a stream takes colours: a terminal does, a pipe does not, also on a build machine. `NO_COLOR` takes them away
 * from both, `FORCE_COLOR` gives them to both; `NO_COLOR` wins. https://no-color.org, https://force-color.org
 */
function takesColors(stream: NodeJS.WriteStream): boolean {
  if (NO_COLOR) return false;
  if (FORCE_COLOR) return FORCE_COLOR !== '0';
  return stream.isTTY === true && TERM !== 'dumb';
}

/** The colours of results, which go to stdout. */
export const colors = pc.createColors(takesColors(process.stdout));

/** The colours of errors and progress, which go to stderr. */
export const errorColors = pc.createColors(takesColors(process.stderr));
