import type { QuarantinedRecord } from '../documents.ts';
import { problemLines } from '../output.ts';
import { heading } from './table.ts';

const recordLines = ({ source, place, errors }: QuarantinedRecord): string[] =>
  errors.flatMap((error) => problemLines({ ...error, path: `${source}, ${place}: ${error.path}` }));

/** Records in quarantine, each with where it stands and what is wrong with it. @param count of all that there are */
export function quarantinedText(records: readonly QuarantinedRecord[], count = records.length): string | undefined {
  if (records.length === 0) return undefined;
  const more = count > records.length ? [`  and ${count - records.length} more`] : [];
  return [heading('In quarantine'), ...records.flatMap(recordLines), ...more].join('\n');
}
