import type { QuarantinedRecord } from '../documents.ts';
import { problemLines } from '../output.ts';
import { heading } from './table.ts';

/** `event` is what an exception names a record by. */
type Shown = QuarantinedRecord & { event?: string };

const recordLines = ({ source, place, event, errors }: Shown): string[] => {
  const record = event === undefined ? '' : ` (record ${event})`;
  return errors.flatMap((error) => problemLines({ ...error, path: `${source}, ${place}${record}: ${error.path}` }));
};

/** Records in quarantine, each with where it stands and what is wrong with it. @param count of all that there are */
export function quarantinedText(records: readonly Shown[], count = records.length): string | undefined {
  if (records.length === 0) return undefined;
  const more = count > records.length ? [`  and ${count - records.length} more`] : [];
  return [heading('In quarantine'), ...records.flatMap(recordLines), ...more].join('\n');
}
