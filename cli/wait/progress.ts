import ora from 'ora';

export type Progress = {
  /** What goes on now. */
  say: (line: string) => void;
  /** Takes the line away; the result speaks for itself. */
  end: () => void;
};

const QUIET_MS = 30_000;

/** One line whenever something changes, and one now and then to show that the wait goes on. */
function plainLines(): Progress {
  let last = '';
  let saidAtMs = 0;
  const say = (line: string) => {
    const nowMs = performance.now();
    if (line === last && nowMs - saidAtMs < QUIET_MS) return;
    [last, saidAtMs] = [line, nowMs];
    process.stderr.write(`${line}\n`);
  };
  return { say, end: () => {} };
}

function spinner(): Progress {
  const line = ora({ stream: process.stderr }).start();
  return {
    say: (text) => {
      line.text = text;
    },
    end: () => line.stop(),
  };
}

/** A terminal that says that it has no columns (in a container, say) would make a spinner clear lines without end. */
const isWatched = ({ isTTY, columns }: NodeJS.WriteStream) => isTTY && columns > 0 && process.env.TERM !== 'dumb';

/** Shows on stderr what a wait is at: a spinner where a person watches, else plain lines. */
export const showProgress = (): Progress => (isWatched(process.stderr) ? spinner() : plainLines());
