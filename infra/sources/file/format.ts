import type { Source } from '../../../schemas/operating-model.ts';
import type { FileFormat } from './read.ts';

const isText = (value: unknown): value is string => typeof value === 'string';

/** How a source's file is read. A CSV's header must have the columns that the schema requires. */
export function fileFormatOf({ options, schema }: Source, maximumRecordBytes: number): FileFormat {
  const { required, properties } = schema as { required?: unknown; properties?: object };
  return {
    format: options.format,
    delimiter: options.delimiter,
    encoding: options.encoding,
    header: options.header,
    requiredColumns: Array.isArray(required) ? required.filter(isText) : [],
    knownColumns: Object.keys(properties ?? {}),
    maximumRecordBytes,
  };
}
