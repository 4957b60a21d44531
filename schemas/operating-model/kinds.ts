/** Kinds of entry by book (design: single-entry, by date). */
export const KINDS_BY_BOOK = {
  sales: [
    'gross_sales',
    'discount',
    'sales_reversal',
    'adjustment',
    'shipping',
    'tax',
    'duty',
    'tip',
    'gift_card',
    'gift_card_redemption',
    'fee',
    'write_off',
    'disputed',
  ],
  payments: [
    'charge',
    'refund',
    'processing_fee',
    'dispute',
    'dispute_reversal',
    'reserve',
    'advance',
    'payout',
    'adjustment',
  ],
  marketing: ['spend', 'clicks', 'impressions', 'conversions', 'conversion_value'],
} as const;

export type Book = keyof typeof KINDS_BY_BOOK;
export type EntryKind = (typeof KINDS_BY_BOOK)[Book][number];

export const BOOKS = ['sales', 'payments', 'marketing'] as const;
/** Every kind once; `adjustment` stands in two books. */
export const ENTRY_KINDS: readonly EntryKind[] = [...new Set(BOOKS.flatMap((book) => [...KINDS_BY_BOOK[book]]))];
