/** The close of a day as the command line prints it, as far as tests look at it. */
export type CloseDay = {
  client: string;
  businessDate: string;
  attempt: number;
  status: string;
  captured: { records: number; quarantined: number; duplicates: number; inSuspense: string };
  metrics: {
    metric: string;
    slice: string | null;
    version: number | null;
    value: string | null;
    status: string;
    certificate: string | null;
  }[];
  controls: { control: string; difference: string | null; unreconciled: string | null; status: string }[];
  exceptions: { id: string; kind: string; metric: string | null; owner: string; state: string }[];
};

/** A day's totals by metric; null where one is withheld or undefined. */
export const valuesOf = (day: CloseDay): Record<string, string | null> =>
  Object.fromEntries(day.metrics.filter((one) => one.slice === null).map((one) => [one.metric, one.value]));
