/** Gmail clips what is larger than 102 kB. */
const LARGEST_BYTES = 100_000;
const FEWEST_ROWS = 5;

/** The HTML with as many of its rows as a mail program shows in full: with all, else with fewer until it fits. */
export function fitting(rows: number, render: (rows: number) => string): string {
  const rendered = render(rows);
  const fits = Buffer.byteLength(rendered) <= LARGEST_BYTES || rows <= FEWEST_ROWS;
  return fits ? rendered : fitting(Math.floor(rows * 0.85), render);
}
