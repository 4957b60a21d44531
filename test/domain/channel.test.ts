import { existsSync, readFileSync } from 'node:fs';
import { type Channel, classifyChannel } from '../../domain/channel.ts';
import { readUtm } from '../../domain/utm.ts';

const CASES = '../shared/data/channel-cases.json';
type Recorded = {
  property_cases: Readonly<Record<string, string>>[];
  wild_clicks: { url: string; referrer: string; expect: string }[];
};

const visit = (url: string, referrer = ''): Channel => classifyChannel({ ...readUtm(url), referrer });
const recorded = (): Recorded => JSON.parse(readFileSync(CASES, 'utf8')) as Recorded;

/** The cases name properties of an analytics event; a shop's record has them in its landing URL and referrer. */
function ofProperties({ referring_domain = '', expect: _, ...parameters }: Readonly<Record<string, string>>): Channel {
  const referrer = referring_domain === '$direct' ? '' : referring_domain;
  return visit(`https://shop.example/?${new URLSearchParams(parameters)}`, referrer);
}

describe('channels', () => {
  const withCases = existsSync(CASES) ? test : test.skip;
  withCases('agree with every recorded case (skipped where the cases are not beside the project)', () => {
    const { property_cases, wild_clicks } = recorded();
    expect(property_cases.length + wild_clicks.length).toBeGreaterThan(10);
    for (const one of property_cases) expect([one, ofProperties(one)]).toEqual([one, one.expect]);
    for (const one of wild_clicks) expect([one, visit(one.url, one.referrer)]).toEqual([one, one.expect]);
  });

  test.each<[string, string, Channel]>([
    ['', '', 'Direct'],
    ['/', '', 'Direct'],
    ['/?variant=12', '', 'Direct'],
    ['/?utm_source=(direct)&utm_medium=(none)', '', 'Direct'],
    ['/?utm_source=google&utm_medium=cpc', '', 'Paid Search'],
    ['/?utm_source=Google&utm_medium=CPC', '', 'Paid Search'],
    ['/?utm_source=facebook&utm_medium=paid_social', '', 'Paid Social'],
    ['/?utm_source=instagram&utm_medium=paid_social&fbclid=a', '', 'Paid Social'],
    ['/?utm_source=youtube&utm_medium=video', '', 'Organic Video'],
    ['/?utm_source=youtube&utm_medium=cpc', '', 'Paid Video'],
    ['/?utm_source=news&utm_medium=cpm', '', 'Display'],
    ['/?utm_source=news&utm_medium=banner', '', 'Display'],
    ['/?utm_source=news&utm_medium=cpc', '', 'Paid Other'],
    ['/?utm_source=google&utm_medium=cpc&utm_campaign=spring-shopping', '', 'Paid Shopping'],
    ['/?utm_source=google&utm_medium=cpc&utm_campaign=workshop', '', 'Paid Search'],
    ['/?utm_source=google&utm_medium=cpc&utm_campaign=eshop', '', 'Paid Shopping'],
    ['/?utm_source=google&utm_medium=organic', '', 'Organic Search'],
    ['/?utm_source=klaviyo&utm_medium=email', '', 'Email'],
    ['/?utm_source=email', '', 'Email'],
    ['/?utm_source=partnerize&utm_medium=affiliate', '', 'Affiliates'],
    ['/?utm_source=spotify&utm_medium=audio', '', 'Audio'],
    ['/?utm_source=sms', '', 'SMS'],
    ['/?utm_source=firebase', '', 'Mobile Push Notifications'],
    ['/?utm_source=app&utm_medium=web_push', '', 'Mobile Push Notifications'],
    ['/?utm_source=blog&utm_medium=referral', '', 'Referral'],
    ['/?utm_source=blog', '', 'Unassigned'],
    ['/?utm_medium=carrier-pigeon', '', 'Unassigned'],
    ['/?utm_campaign=summer', '', 'Unassigned'],
    ['/?gclid=abc', '', 'Paid Search'],
    ['/?dclid=abc', '', 'Display'],
    ['/?msclkid=abc', '', 'Paid Search'],
    ['/?ttclid=abc', '', 'Paid Social'],
    ['/?fbclid=abc', '', 'Organic Social'],
    ['/?fbclid=abc', 'https://l.facebook.com/', 'Organic Social'],
    ['/', 'https://www.google.co.uk/search?q=shoes', 'Organic Search'],
    ['/', 'https://mail.google.com/mail/u/0', 'Referral'],
    ['/', 'https://t.co/abc', 'Organic Social'],
    ['/', 'android-app://com.google.android.googlequicksearchbox/', 'Organic Search'],
    ['/', 'https://someone.example.org:8443/page', 'Referral'],
    ['/', 'https://www.amazon.de/dp/1', 'Organic Shopping'],
    ['/', 'https://notgoogle.example/', 'Referral'],
    ['/', 'https://google.attacker.example/', 'Referral'],
  ])('%s from "%s" is %s', (url, referrer, channel) => expect(visit(url, referrer)).toBe(channel));

  test('utm parameters speak before the referrer', () => {
    expect(visit('/?utm_source=klaviyo&utm_medium=email', 'https://www.google.com/')).toBe('Email');
  });

  test('any landing URL and referrer has a channel', () => {
    for (const text of ['%', '?', '://', '?utm_source=%E0%A4%A', '@:@:@', '.'.repeat(5_000), '?'.repeat(5_000)])
      expect(visit(text, text)).toEqual(expect.any(String));
  });
});
