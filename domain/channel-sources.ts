/** What kind of site sends visitors; the lists behind the rules of the default channel group name these four. */
export type SiteKind = 'search' | 'social' | 'video' | 'shopping';

/**
 * Sites as the start of their host (`google` is `google.com`, `www.google.co.uk` and the plain `utm_source=google`), or,
 * with a dot, as a domain with everything under it. Short names that campaigns use stand without a dot as well.
 */
const SITES: Readonly<Record<SiteKind, string>> = {
  search:
    'google bing yahoo duckduckgo ddg baidu yandex ecosia qwant startpage aol ask naver daum seznam sogou so.com 360.cn ' +
    'brave search.brave.com lycos dogpile excite metacrawler rambler onet virgilio alice biglobe goo.ne.jp nate ekoru ' +
    'babylon centrum.cz kvasir searchencrypt swisscows mojeek presearch gibiru yippy sapo.pt terra tut.by ukr.net ' +
    'incredimail avg auone so-net zapmeta info.com webcrawler kagi petalsearch petal naver.com coccoc ya.ru ya adwords ' +
    'google_ads googleads google-ads bing_ads bingads microsoft_ads search.yahoo.com msn.com cn.bing.com ' +
    'com.google.android.googlequicksearchbox googlequicksearchbox',
  social:
    'facebook fb fb.me fb.com meta meta_ads meta-ads metaads facebook_ads facebook-ads facebookads instagram ig ' +
    'instagram_ads linkedin lnkd.in linkedin_ads li pinterest pin.it pinterest_ads twitter t.co x x.com threads ' +
    'threads.net threads.com tiktok tiktok_ads tiktokads tik_tok snapchat snap snapchat_ads reddit redd.it reddit_ads ' +
    'quora tumblr vk vk.com vkontakte ok.ru odnoklassniki whatsapp wa.me telegram t.me messenger m.me discord ' +
    'discord.gg slack wechat weixin qq.com weibo line.me kakao viber bsky bsky.app bluesky mastodon mastodon.social ' +
    'nextdoor yelp tripadvisor meetup flickr livejournal xing goodreads news.ycombinator.com hackernews producthunt ' +
    'medium stackoverflow stackexchange github linktr.ee linktree lemon8 clubhouse gab.com minds.com truthsocial ' +
    'parler plurk renren douban zhihu xiaohongshu pixiv ning myspace badoo hootsuite buffer sproutsocial ' +
    'com.facebook.katana com.linkedin.android com.pinterest com.reddit.frontpage',
  video:
    'youtube youtu.be youtube_ads vimeo dailymotion twitch twitch.tv netflix hulu disneyplus disney+ iqiyi youku ' +
    'bilibili rumble odysee bitchute wistia vidyard loom nicovideo crackle curiositystream utreon veoh rutube ted.com ' +
    'com.google.android.youtube',
  shopping:
    'amazon ebay etsy walmart aliexpress alibaba taobao tmall shopee lazada rakuten mercadolibre mercadolivre ' +
    'allegro bol.com zalando otto.de cdiscount fnac wish temu shein target.com bestbuy wayfair flipkart myntra ' +
    'shopping shopping.google.com google_shopping google-shopping googleshopping shopzilla shopping.com bizrate ' +
    'pricegrabber pricerunner idealo kelkoo nextag ceneo heureka trovaprezzi geizhals billiger kaufland emag onbuy ' +
    'nordstrom ikea homedepot overstock newegg depop poshmark vinted mercari stockx goat.com houzz lyst shop.app ' +
    'zappos costco samsclub jd.com coupang tokopedia noon.com',
};

/** Sites below a name of the lists that are of no such kind: a mailbox is no search engine. */
const OTHERWISE =
  'mail.google.com mail.yahoo.com mail.aol.com mail.yandex.ru mail.naver.com mail.qq.com accounts.google.com docs.google.com ' +
  'drive.google.com pay.google.com meet.google.com classroom.google.com sites.google.com groups.google.com ' +
  'aws.amazon.com pay.amazon.com payments.amazon.com com.google.android.gm';

const KINDS = new Map<string, SiteKind | null>();
for (const [kind, names] of Object.entries(SITES))
  for (const name of names.split(' ')) KINDS.set(name, kind as SiteKind);
for (const name of OTHERWISE.split(' ')) KINDS.set(name, null);

/** Second-level labels of countries, as in `ebay.co.uk`: the name of the site stands before them. */
const COUNTRY_LABELS = new Set(['co', 'com', 'org', 'net', 'ne', 'or', 'gov', 'ac', 'edu']);

function siteName(labels: readonly string[]): string | undefined {
  const twoLabels = labels.length > 2 && labels.at(-1)!.length === 2 && COUNTRY_LABELS.has(labels.at(-2)!);
  return labels.at(twoLabels ? -3 : -2);
}

/** A host has at most this many labels that matter; the work on a hostile one is bounded. */
const MOST_LABELS = 12;

/**
 * The kind of a site, given as its host or as the plain name that campaigns use, in lower case; null for any other.
 * The longest listed domain that the host lies under decides, then the name of the site in any country.
 */
export function siteKind(source: string): SiteKind | null {
  const labels = source.split('.').slice(-MOST_LABELS);
  for (let at = 0; at < labels.length - 1; at += 1) {
    const kind = KINDS.get(labels.slice(at).join('.'));
    if (kind !== undefined) return kind;
  }
  const name = labels.length === 1 ? source : siteName(labels);
  return (name === undefined ? null : KINDS.get(name)) ?? null;
}
