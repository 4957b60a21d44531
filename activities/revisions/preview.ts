import { ApplicationFailure, cancellationSignal } from '@temporalio/activity';
import { effectiveVersion } from '../../infra/postgres/model.ts';
import type { RevisionPreview } from '../../infra/rowwork/preview-revision.ts';
import type { Deps } from '../deps.ts';

export type { RevisionPreview } from '../../infra/rowwork/preview-revision.ts';
export type RevisionToPreview = { clientId: string; businessDate: string };

/** Computes what a revision of a published day would come to; nothing is saved. */
export function createPreviewRevision({ db, databaseUrl, rowWork, secrets, files }: Deps) {
  return async function previewRevision({ clientId, businessDate }: RevisionToPreview): Promise<RevisionPreview> {
    const modelVersion = await effectiveVersion(db, clientId, businessDate);
    if (modelVersion === undefined)
      throw ApplicationFailure.nonRetryable(
        `No operating model of ${clientId} is effective on ${businessDate}.`,
        'NoEffectiveModel',
      );
    const day = { clientId, businessDate, modelVersion };
    const bench = { databaseUrl, customerKey: secrets.customerKey, roots: files.roots, limits: files };
    return rowWork.previewRevision({ ...day, ...bench }, cancellationSignal());
  };
}
