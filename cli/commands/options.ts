import { Option } from 'commander';
import { parseId, parseReason, parseVersion } from '../values.ts';

export const reasonOption = (words: string) => new Option('--reason <text>', words).argParser(parseReason);
export const sourceOption = () => new Option('--source <id>', 'id of the source').argParser(parseId);
export const metricOption = () => new Option('--metric <id>', 'id of the metric, such as net_sales').argParser(parseId);
export const versionOption = (words: string) => new Option('--version <n>', words).argParser(parseVersion);
export const onBehalfOption = () =>
  new Option('--as <person>', 'person for whom this is done; the audit trail holds it beside you');
