import { defineSearchAttributeKey } from '@temporalio/common';
import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import { SEARCH_ATTRIBUTES } from '../domain/ids.ts';

export const clientIdKey = defineSearchAttributeKey(SEARCH_ATTRIBUTES.clientId, 'KEYWORD');
export const businessDateKey = defineSearchAttributeKey(SEARCH_ATTRIBUTES.businessDate, 'KEYWORD');
const closeStageKey = defineSearchAttributeKey(SEARCH_ATTRIBUTES.closeStage, 'KEYWORD');

/** Shows in the Temporal UI where a run is, in the words of the business. */
export function enterStage(stage: string, details: string): void {
  upsertSearchAttributes([{ key: closeStageKey, value: stage }]);
  setCurrentDetails(details);
}
