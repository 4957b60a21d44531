import type { Client } from '@temporalio/client';
import { defineSearchAttributeKey } from '@temporalio/common';
import proto from '@temporalio/proto';
import { SEARCH_ATTRIBUTES } from '../../domain/ids.ts';

export const clientIdKey = defineSearchAttributeKey(SEARCH_ATTRIBUTES.clientId, 'KEYWORD');
export const businessDateKey = defineSearchAttributeKey(SEARCH_ATTRIBUTES.businessDate, 'KEYWORD');
export const closeStageKey = defineSearchAttributeKey(SEARCH_ATTRIBUTES.closeStage, 'KEYWORD');

const WANTED = Object.values(SEARCH_ATTRIBUTES);
const KEYWORD = proto.temporal.api.enums.v1.IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD;

/** The search attributes that the server does not know yet. Without them every close fails to start. */
export async function missingSearchAttributes(client: Client): Promise<string[]> {
  const { namespace } = client.options;
  const known = await client.connection.operatorService.listSearchAttributes({ namespace });
  return WANTED.filter((name) => known.customAttributes?.[name] === undefined);
}

/** What an administrator runs where Meshline may not register them by itself. */
export const registrationCommand = (missing: readonly string[], namespace: string): string =>
  [
    'temporal operator search-attribute create',
    `--namespace ${namespace}`,
    ...missing.map((name) => `--name ${name} --type Keyword`),
  ].join(' ');

/** Registers what is missing; for the embedded server, where Meshline is its own administrator. */
export async function ensureSearchAttributes(client: Client): Promise<void> {
  const missing = await missingSearchAttributes(client);
  if (missing.length === 0) return;
  const searchAttributes = Object.fromEntries(missing.map((name) => [name, KEYWORD]));
  await client.connection.operatorService.addSearchAttributes({
    namespace: client.options.namespace,
    searchAttributes,
  });
}
