import type { Mapping } from '../../schemas/operating-model/mapping.ts';
import { classifyChannel } from '../channel.ts';
import { fieldReader, fieldText, type Row } from '../fields.ts';
import { readUtm, type Utm, utmValue } from '../utm.ts';
import type { RecordDimensions } from './entry.ts';

type Marketing = Pick<RecordDimensions, 'channel' | 'campaign'>;

const NOTHING: Marketing = { channel: null, campaign: null };
/** Most visits come by the same few links, and what these say is remembered. Links that vary must not fill the memory. */
const MOST_REMEMBERED = 500;
/** No field holds it: records with such a character are none. */
const SEPARATOR = '\u0000';

/** UTM parameters that stand in fields of their own. */
function ownUtm(names: readonly string[], texts: readonly string[]): Utm {
  const values = names.map((name, at) => [name, utmValue(texts[at] ?? '')] as const);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}

function classify(names: readonly string[], [landing = '', referrer = '', ...own]: readonly string[]): Marketing {
  const { utm: tagged, clickIds } = readUtm(landing);
  const utm = { ...tagged, ...ownUtm(names, own) };
  return { channel: classifyChannel({ utm, clickIds, referrer }), campaign: utm.campaign ?? null };
}

/** Compiles the reading of the channel and the campaign that a record came by; nulls where a mapping names no such field. */
export function compileMarketing({ landingUrl, referrer, utm = {} }: Mapping): (row: Row) => Marketing {
  const names = Object.keys(utm);
  if (!landingUrl && !referrer && names.length === 0) return () => NOTHING;
  const readers = [landingUrl, referrer, ...Object.values(utm)].map((path) => (path ? fieldReader(path) : () => null));
  const remembered = new Map<string, Marketing>();
  return (row) => {
    const texts = readers.map((read) => fieldText(read(row)) ?? '');
    const visit = texts.join(SEPARATOR);
    const known = remembered.get(visit);
    if (known) return known;
    if (remembered.size === MOST_REMEMBERED) remembered.clear();
    const said = classify(names, texts);
    remembered.set(visit, said);
    return said;
  };
}
