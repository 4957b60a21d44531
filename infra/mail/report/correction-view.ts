/**
 * What a correction notice shows: numbers that its reader was told before, and that are others now. Amounts are
 * decimal strings to the digits of their currency, deductions negative, as in a report.
 */
export interface CorrectionView {
  client: { id: string; name: string };
  /** The client's currency; an item in another one prints with its code. */
  currency: string;
  currencyDigits: number;
  /** The night that found the changes, `YYYY-MM-DD`. */
  nightDate: string;
  /** Who answers for the report, by name. */
  ownerName: string;
  items: CorrectionItem[];
  /** Where it can be read in a browser, without signing in. */
  pageUrl?: string;
}

export interface CorrectionItem {
  businessDate: string;
  /** "Net sales" */
  metric: string;
  /** The store; null for the client as a whole. */
  place: string | null;
  /** A member of a slice that was not reported: its reader was told the total without it. */
  isNew?: boolean;
  /** What its reader was told last; null where that was no number (an undefined ratio). */
  old: string | null;
  new: string | null;
  /** New less old; null where one of them is no number. */
  change: string | null;
  /** null for a count or a ratio. */
  currency: string | null;
  /** In words: "late arrival". */
  reason: string;
  version: number;
  /** The certificate in words: "reconciled with the platform's report on till". */
  certificate: string;
  /** One sentence about the records behind it, or null: "2 orders arrived on 3 December." */
  explanation: string | null;
}
