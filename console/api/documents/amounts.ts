export { valueText } from '../../../domain/metrics/print-value.ts';

/** The same value everywhere: a store is named where the client has several, and else goes without saying. */
export const storeOf = (several: boolean, storeId: string): { store?: string } => (several ? { store: storeId } : {});

export const instantText = (at: Date | null): string | null => at?.toISOString() ?? null;
