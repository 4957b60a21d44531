import type { Mapping } from '../../schemas/operating-model/mapping.ts';
import type { Zones } from '../identity.ts';
import type { Adjustment } from './adjustment.ts';

/** Everything that decides what a stream's records mean; a change of any of it is a new transform version. */
export type TransformRule = {
  sourceId: string;
  storeId: string;
  /** The store's zone decides the business day; the client's is for times that are told in it. */
  zones: Zones;
  cutOff?: string;
  currency: string;
  schema: Readonly<Record<string, unknown>>;
  mapping: Mapping;
  /** What a person decided of one day's records; a rule of the operating model has none. */
  adjustments?: readonly Adjustment[];
  /** Times are what their clock shows, whatever offset they state. Adjustments say so. */
  offsets?: 'ignored';
};
