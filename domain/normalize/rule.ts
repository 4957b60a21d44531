import type { Mapping } from '../../schemas/operating-model/mapping.ts';

/** Everything that decides what a stream's records mean; a change of any of it is a new transform version. */
export type TransformRule = {
  sourceId: string;
  storeId: string;
  zone: string;
  cutOff?: string;
  currency: string;
  schema: Readonly<Record<string, unknown>>;
  mapping: Mapping;
};
