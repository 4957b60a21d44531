/** UTM parameters of a landing URL, in lower case. A parameter that is empty or missing is absent. */
export type Utm = Readonly<Partial<Record<'source' | 'medium' | 'campaign' | 'term' | 'content', string>>>;

/** Marks that ad platforms leave on the URLs of clicks, with their value. */
export type ClickIds = Readonly<Partial<Record<ClickId, string>>>;
export type ClickId = (typeof CLICK_IDS)[number];
export const CLICK_IDS = [
  ...(['gclid', 'gbraid', 'wbraid', 'dclid', 'gad_source', 'msclkid', 'yclid'] as const),
  ...(['fbclid', 'ttclid', 'twclid', 'li_fat_id', 'rdt_cid', 'sccid', 'epik', 'irclickid'] as const),
];

export type LandingMarks = { utm: Utm; clickIds: ClickIds };

const UTM_PARAMETERS = new Map<string, keyof Utm>([
  ['utm_source', 'source'],
  ['utm_medium', 'medium'],
  ['utm_campaign', 'campaign'],
  ['utm_term', 'term'],
  ['utm_content', 'content'],
]);
const CLICK_ID_PARAMETERS: ReadonlyMap<string, ClickId> = new Map(CLICK_IDS.map((name) => [name, name]));

/** What a browser sends; a longer text is an attack or a mistake, and its rest is not read. */
const LONGEST_URL = 8_192;
const LONGEST_VALUE = 200;
const NOTHING: LandingMarks = { utm: {}, clickIds: {} };

/** Control characters, which no campaign has and a text column cannot hold, and runs of blanks become one blank. */
const BLANKS = /[\s\p{Cc}]+/gu;

/** Trimmed, in lower case, at most 200 characters; empty where nothing is left. */
function normalized(value: string): string {
  const text = value.replace(BLANKS, ' ').trim().toLowerCase();
  return text.length <= LONGEST_VALUE ? text : Array.from(text).slice(0, LONGEST_VALUE).join('').trim();
}

/** A UTM parameter that stands in a field of its own, read as one of a URL is. */
export const utmValue = (value: string): string | undefined => normalized(value) || undefined;

function queryOf(url: string): string {
  const start = url.indexOf('?') + 1;
  if (start === 0) return '';
  const end = url.indexOf('#');
  if (end >= 0 && end < start) return '';
  return url.slice(start, end < 0 ? LONGEST_URL : Math.min(end, LONGEST_URL));
}

/**
 * Reads the UTM parameters and click ids of a landing URL, absolute or relative. Values are decoded, trimmed and in lower
 * case; of a parameter that comes twice the first that is not empty counts. Never throws: what cannot be decoded is kept
 * with replacement characters.
 */
export function readUtm(landingUrl: string): LandingMarks {
  const query = queryOf(landingUrl);
  if (query === '') return NOTHING;
  const utm: { -readonly [K in keyof Utm]: Utm[K] } = {};
  const clickIds: { -readonly [K in keyof ClickIds]: ClickIds[K] } = {};
  for (const [name, value] of new URLSearchParams(query)) {
    const parameter = name.toLowerCase();
    const tag = UTM_PARAMETERS.get(parameter);
    const clickId = CLICK_ID_PARAMETERS.get(parameter);
    if (tag && !utm[tag]) utm[tag] = normalized(value) || undefined;
    if (clickId && !clickIds[clickId]) clickIds[clickId] = normalized(value) || undefined;
  }
  return { utm, clickIds };
}
