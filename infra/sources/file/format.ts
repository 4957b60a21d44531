import type { Source } from '../../../schemas/operating-model.ts';
import type { FileFormat } from './read.ts';

const isText = (value: unknown): value is string => typeof value === 'string';

/**
 * How a source's file is read. A CSV's header must have the columns that the schema requires.
 * @param renamed fields that may stand under another name
 */
export function fileFormatOf(
  { options, schema }: Source,
  maximumRecordBytes: number,
  renamed: readonly string[] = [],
): FileFormat {
  const { required, properties } = schema as { required?: unknown; properties?: object };
  return {
    format: options.format,
    delimiter: options.delimiter,
    encoding: options.encoding,
    header: options.header,
    requiredColumns: Array.isArray(required) ? required.filter(isText).filter((name) => !renamed.includes(name)) : [],
    knownColumns: Object.keys(properties ?? {}),
    maximumRecordBytes,
  };
}
