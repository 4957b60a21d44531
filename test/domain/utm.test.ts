import { readUtm } from '../../domain/utm.ts';

describe('UTM parameters', () => {
  test('are read from an absolute and from a relative landing URL', () => {
    const utm = { source: 'google', medium: 'cpc', campaign: 'brand search' };
    const query = '?utm_source=google&utm_medium=cpc&utm_campaign=brand%20search';
    expect(readUtm(`https://shop.example/products/1${query}`).utm).toEqual(utm);
    expect(readUtm(`/products/1${query}#reviews`).utm).toEqual(utm);
  });

  test('are in lower case and trimmed, their names in any case', () => {
    expect(readUtm('/?UTM_Source=%20Google%20&utm_campaign=PMax++%2F%2F%0AUK').utm).toEqual({
      source: 'google',
      campaign: 'pmax // uk',
    });
  });

  test('count once: the first that is not empty', () => {
    expect(readUtm('/?utm_source=&utm_source=bing&utm_source=google').utm).toEqual({ source: 'bing' });
  });

  test('that are empty, missing or behind the fragment are absent', () => {
    for (const url of ['', '/', '/?', '/?utm_source=', '/?utm_source=%20', '/#?utm_source=google'])
      expect(readUtm(url)).toEqual({ utm: {}, clickIds: {} });
  });

  test('that cannot be decoded are kept as far as they can be read', () => {
    expect(readUtm('/?utm_source=%E0%A4%A&utm_medium=100%').utm.medium).toBe('100%');
  });

  test('never hold what a text column refuses, or more than 200 characters', () => {
    const { utm } = readUtm(`/?utm_source=a%00b&utm_campaign=${'%F0%9F%9B%92'.repeat(300)}`);
    expect(utm.source).toBe('a b');
    expect(Array.from(utm.campaign!)).toHaveLength(200);
    expect(utm.campaign!.isWellFormed()).toBe(true);
  });

  test('stand beside the click ids of the ad platforms', () => {
    expect(readUtm('/?gad_source=1&gclid=CjwK&size=8').clickIds).toEqual({ gad_source: '1', gclid: 'cjwk' });
  });

  test('names of an object are no parameters', () => {
    expect(readUtm('/?__proto__=a&constructor=b&toString=c')).toEqual({ utm: {}, clickIds: {} });
  });
});
