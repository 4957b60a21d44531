import { renamesOf } from '../../../domain/normalize/adjustment.ts';
import type { TransformRule } from '../../../domain/normalize/rule.ts';
import { slotName } from '../../../domain/slot.ts';
import type { Source } from '../../../schemas/operating-model.ts';
import type { Upload } from '../../postgres/capture/uploads.ts';
import type { Snapshot } from '../../rowwork/capture-snapshot.ts';
import { fileFormatOf } from './format.ts';

export type FileLimits = { maximumRecordBytes: number; maximumFileBytes: number };
export type SourceOfDay = { clientId: string; date: string; source: Source; rule: TransformRule };

/** How a file that was found is captured for a source and day. */
export function snapshotOf({ clientId, date, source, rule }: SourceOfDay, file: Upload, limits: FileLimits): Snapshot {
  const renames = renamesOf(rule);
  return {
    clientId,
    sourceId: source.id,
    slot: slotName(source.options.location, date),
    slotDate: date,
    path: file.path,
    fileName: file.name,
    format: fileFormatOf(
      source,
      limits.maximumRecordBytes,
      renames.map((one) => one.to),
    ),
    identity: source.mapping,
    renames,
    zones: rule.zones,
    cutOff: rule.cutOff,
    maximumFileBytes: limits.maximumFileBytes,
  };
}
