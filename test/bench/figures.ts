export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

export const rounded = (value: number, digits = 3): number => Number(value.toFixed(digits));

/** Rows, seconds and rows a second, as they are printed. */
export const pace = (rows: number, seconds: number) => ({
  rows,
  seconds: rounded(seconds),
  rowsPerSecond: Math.round(rows / seconds),
});

export const tell = (text: string): void => void process.stderr.write(`bench: ${text}\n`);
