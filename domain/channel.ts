import { type SiteKind, siteKind } from './channel-sources.ts';
import type { ClickId, ClickIds, Utm } from './utm.ts';

export type Channel =
  | 'Cross Network'
  | 'Paid Shopping'
  | 'Paid Search'
  | 'Paid Social'
  | 'Paid Video'
  | 'Display'
  | 'Paid Other'
  | 'Direct'
  | 'Organic Shopping'
  | 'Organic Social'
  | 'Organic Video'
  | 'Organic Search'
  | 'Referral'
  | 'Email'
  | 'Affiliates'
  | 'Audio'
  | 'SMS'
  | 'Mobile Push Notifications'
  | 'Unassigned';

/** `referrer` is a URL or a host; empty where there was none. */
export type Visit = { utm: Utm; clickIds: ClickIds; referrer: string };

/** What a click id says where the UTM parameters are silent. A `paid` one is put on clicks of advertisements only. */
type Click = { source: string; paid: boolean; medium?: string };
const CLICKS: Readonly<Record<ClickId, Click>> = {
  gclid: { source: 'google', paid: true },
  gbraid: { source: 'google', paid: true },
  wbraid: { source: 'google', paid: true },
  gad_source: { source: 'google', paid: true },
  dclid: { source: 'dv360', paid: true, medium: 'display' },
  msclkid: { source: 'bing', paid: true },
  yclid: { source: 'yandex', paid: true },
  ttclid: { source: 'tiktok', paid: true },
  twclid: { source: 'twitter', paid: true },
  li_fat_id: { source: 'linkedin', paid: true },
  rdt_cid: { source: 'reddit', paid: true },
  sccid: { source: 'snapchat', paid: true },
  fbclid: { source: 'facebook', paid: false },
  epik: { source: 'pinterest', paid: false },
  irclickid: { source: 'impact', paid: false, medium: 'affiliate' },
};
/** The value of `gad_source` on a click of Google Search, whatever the referrer. */
const GOOGLE_SEARCH = '1';

const PAID_MEDIA = new Set(['ppc', 'retargeting']);
const DISPLAY_MEDIA = new Set(['display', 'banner', 'expandable', 'interstitial', 'cpm']);
const SOCIAL_MEDIA = new Set(['social', 'social-network', 'social-media', 'sm', 'social network', 'social media']);
const REFERRAL_MEDIA = new Set(['referral', 'app', 'link']);
const EMAIL = new Set(['email', 'e-mail', 'e_mail', 'e mail']);
const NO_MEDIUM = new Set(['', '(none)', '(not set)', 'none']);
const DIRECT_SOURCES = new Set(['', '(direct)', 'direct']);
const SHOPPING_CAMPAIGN = /(?:^|[^a-df-z])shop|shopping/;

const PAID: Readonly<Record<SiteKind, Channel>> = {
  shopping: 'Paid Shopping',
  search: 'Paid Search',
  social: 'Paid Social',
  video: 'Paid Video',
};

type Traffic = { source: string; medium: string; campaign: string; kind: SiteKind | null };
type Rule = { channel: Channel; when: (traffic: Traffic) => boolean };

/** What the default channel group says of traffic that nobody paid for; the first rule that holds. */
const UNPAID: readonly Rule[] = [
  {
    channel: 'Organic Shopping',
    when: ({ kind, campaign }) => kind === 'shopping' || SHOPPING_CAMPAIGN.test(campaign),
  },
  { channel: 'Organic Social', when: ({ kind, medium }) => kind === 'social' || SOCIAL_MEDIA.has(medium) },
  { channel: 'Organic Video', when: ({ kind, medium }) => kind === 'video' || medium.includes('video') },
  { channel: 'Organic Search', when: ({ kind, medium }) => kind === 'search' || medium === 'organic' },
  { channel: 'Referral', when: ({ medium }) => REFERRAL_MEDIA.has(medium) },
  { channel: 'Email', when: ({ source, medium }) => EMAIL.has(source) || EMAIL.has(medium) },
  { channel: 'Affiliates', when: ({ medium }) => medium === 'affiliate' || medium === 'affiliates' },
  { channel: 'Audio', when: ({ medium }) => medium === 'audio' },
  { channel: 'SMS', when: ({ source, medium }) => source === 'sms' || medium === 'sms' },
  { channel: 'Mobile Push Notifications', when: ({ source, medium }) => source === 'firebase' || isPush(medium) },
];

const isPush = (medium: string): boolean =>
  medium.endsWith('push') || medium.includes('mobile') || medium.includes('notification');
const isPaidMedium = (medium: string): boolean =>
  medium.includes('cp') || medium.startsWith('paid') || PAID_MEDIA.has(medium);

/** The host of a URL or of a bare host, in lower case; empty for a text without one. */
function hostOf(referrer: string): string {
  const text = referrer.slice(0, 2_048).trim().toLowerCase();
  const scheme = text.indexOf('://');
  const authority = (scheme < 0 ? text : text.slice(scheme + 3)).split(/[/?#]/, 1)[0] ?? '';
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  const port = host.indexOf(':');
  return port < 0 ? host : host.slice(0, port);
}

function clickOf(clickIds: ClickIds): Click | undefined {
  const marks = Object.keys(clickIds).filter((name) => clickIds[name as ClickId] && Object.hasOwn(CLICKS, name));
  const clicks = marks.map((name) => CLICKS[name as ClickId]);
  return clicks.find((click) => click.paid) ?? clicks[0];
}

/** UTM parameters say where a visit comes from; where they are silent its referrer does, and then the click id. */
function trafficOf({ utm, clickIds }: Visit, host: string, click: Click | undefined): Traffic {
  const source = utm.source || (clickIds.gad_source === GOOGLE_SEARCH && 'google') || host || (click?.source ?? '');
  const medium = utm.medium || (click?.medium ?? '');
  return { source, medium, campaign: utm.campaign ?? '', kind: siteKind(source) };
}

function paidChannel({ kind, medium, campaign }: Traffic): Channel {
  if (kind === 'shopping' || SHOPPING_CAMPAIGN.test(campaign)) return 'Paid Shopping';
  if (kind) return PAID[kind];
  return DISPLAY_MEDIA.has(medium) ? 'Display' : 'Paid Other';
}

function unpaidChannel(traffic: Traffic, host: string): Channel {
  if (DISPLAY_MEDIA.has(traffic.medium)) return 'Display';
  const rule = UNPAID.find(({ when }) => when(traffic));
  if (rule) return rule.channel;
  const isTagged = !DIRECT_SOURCES.has(traffic.source) && traffic.source !== host;
  if (isTagged || !NO_MEDIUM.has(traffic.medium)) return 'Unassigned';
  if (host) return 'Referral';
  return traffic.campaign ? 'Unassigned' : 'Direct';
}

/**
 * The channel of a visit by the published rules of the default channel group of Google Analytics 4
 * (support.google.com/analytics/answer/9756891). What tags the platforms set themselves, the click ids, counts like a paid
 * medium; a referrer counts as the source where no `utm_source` is given.
 */
export function classifyChannel(visit: Visit): Channel {
  const { utm, clickIds } = visit;
  if (utm.campaign?.includes('cross-network')) return 'Cross Network';
  const host = hostOf(visit.referrer);
  const click = clickOf(clickIds);
  const traffic = trafficOf(visit, host, click);
  return click?.paid || isPaidMedium(traffic.medium) ? paidChannel(traffic) : unpaidChannel(traffic, host);
}
