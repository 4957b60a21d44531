import { existsSync, readFileSync } from 'node:fs';
import { parse, stringify } from 'yaml';
import { checkOperatingModel } from '../../../infra/operating-model/check.ts';
import { readFileSet } from '../../../infra/operating-model/read.ts';
import type { Problem } from '../../../schemas/problem.ts';

const TODAY = '2026-03-02';
const EXAMPLE = 'examples/corner-shop/operating-model.yaml';
const BASE = '/models/shop.yaml';

// biome-ignore lint/suspicious/noExplicitAny: a document that a test breaks in any place
type Document = any;

/** The example, changed by a test. */
function documentWith(change: (document: Document) => void): string {
  const document = parse(readFileSync(EXAMPLE, 'utf8'));
  change(document);
  return stringify(document);
}

function problemsOf(text: string, more: Record<string, string> = {}): readonly Problem[] {
  const checked = checkOperatingModel({ [BASE]: text, ...more }, BASE, { date: TODAY });
  return checked.ok ? [] : checked.problems;
}

const pathsOf = (text: string, more?: Record<string, string>): string[] =>
  problemsOf(text, more).map(({ path }) => path);

describe('an operating model', () => {
  const shared = '../shared/examples';
  const examples = [
    EXAMPLE,
    `${shared}/online-retail/operating-model.yaml`,
    `${shared}/orders-ndjson/operating-model.yaml`,
  ];
  test.each(examples.filter((path) => existsSync(path)))('is accepted as it stands: %s', async (path) => {
    const { files, base } = await readFileSet(path);
    expect(checkOperatingModel(files, base, { date: TODAY })).toMatchObject({ ok: true });
  });

  test('is refused with every place that has no living owner, no deputy, or the owner as deputy, at once', () => {
    const text = documentWith((document) => {
      document.people.push({ ...document.people[0], id: 'left', until: '2026-03-01' });
      document.owners.metrics = { '*': { owner: 'left', deputy: 'sam' }, orders: { owner: 'sam', deputy: 'sam' } };
      document.owners.reports = { 'daily-revenue': { owner: 'nobody', deputy: 'noa' } };
      delete document.owners.transforms;
      delete document.sources[0].contract.deputy;
    });
    expect(pathsOf(text)).toEqual(
      expect.arrayContaining([
        'owners.metrics["*"].owner',
        'owners.metrics.orders.deputy',
        'owners.reports.daily-revenue.owner',
        'owners.transforms.till.owner',
        'owners.transforms.till.deputy',
        'sources[0].contract.deputy',
      ]),
    );
  });

  test('is refused where deadlines cannot be read, or a second person is asked for over an unknown metric', () => {
    const unreadable = documentWith((document) => {
      document.exceptions.deputyAfter = 'soon';
      document.exceptions.acknowledgeFor = 'a while';
      document.exceptions.digestWithin = '5 working minutes';
      document.sources[0].contract.makerChecker = { metrics: ['nonsense'] };
    });
    expect(pathsOf(unreadable)).toEqual(
      expect.arrayContaining([
        'exceptions.deputyAfter',
        'exceptions.acknowledgeFor',
        'exceptions.digestWithin',
        'sources[0].contract.makerChecker.metrics[0]',
      ]),
    );
  });

  test('is refused where a contract has no retry by the system, or no escalation to a person', () => {
    const once = documentWith((document) => {
      document.exceptions.retry = { maximumAttempts: 1 };
      document.exceptions.rerun = { attempts: 0, delay: '1m' };
      document.exceptions.escalateTo = 'nobody';
    });
    expect(pathsOf(once)).toEqual(
      expect.arrayContaining([
        'sources[0].contract.retry.maximumAttempts',
        'sources[0].contract.escalateTo',
        'exceptions.escalateTo',
      ]),
    );
    const silent = documentWith((document) => {
      delete document.exceptions.retry;
      delete document.sources[0].contract.sla;
    });
    expect(pathsOf(silent)).toEqual(expect.arrayContaining(['sources[0].contract.retry', 'sources[0].contract.sla']));
  });

  test('says of each problem where it stands in the file, what was found and what is expected', () => {
    const text = readFileSync(EXAMPLE, 'utf8').replace(
      'timezone: Europe/London, currency: GBP',
      'timezone: Europe/Lundon, currency: QQQ',
    );
    const line = text.split('\n').findIndex((one) => one.includes('Europe/Lundon')) + 1;
    expect(problemsOf(text)).toEqual(
      expect.arrayContaining([
        {
          path: 'client.timezone',
          found: '"Europe/Lundon"',
          expected: 'an IANA time zone, such as Europe/London',
          file: BASE,
          line,
        },
        { path: 'client.currency', found: '"QQQ"', expected: 'a currency of ISO 4217, such as GBP', file: BASE, line },
      ]),
    );
  });

  test.each([
    ['a key that nobody knows', (d: Document) => Object.assign(d, { sorces: [] }), 'sorces'],
    ['a metric that is not defined', (d: Document) => d.report.metrics.push('profit'), 'report.metrics[6]'],
    [
      'a source that is not there',
      (d: Document) => Object.assign(d.checks[0], { source: 'tills' }),
      'checks[0].source',
    ],
    [
      'a location without a date',
      (d: Document) => Object.assign(d.sources[0].options, { location: 'x.csv' }),
      'sources[0].options.location',
    ],
    [
      'a condition that does not compile',
      (d: Document) => Object.assign(d.sources[0].mapping, { skipWhen: 'row.' }),
      'sources[0].mapping.skipWhen',
    ],
    [
      'a condition whose cost has no bound',
      (d: Document) => Object.assign(d.sources[0].mapping, { skipWhen: '[1].all(a, [1].all(b, b == a))' }),
      'sources[0].mapping.skipWhen',
    ],
    [
      'a function of text on a field that conditions see as a number',
      (d: Document) => Object.assign(d.sources[0].mapping, { skipWhen: 'row.amount.startsWith("-")' }),
      'sources[0].mapping.skipWhen',
    ],
    [
      'a pattern that could hang',
      (d: Document) => Object.assign(d.sources[0].schema.properties.order_id, { pattern: '(a+)+\\1$' }),
      'sources[0].schema',
    ],
    [
      'a duration that cannot be read',
      (d: Document) => Object.assign(d.exceptions, { decideWithin: 'soon' }),
      'exceptions.decideWithin',
    ],
    [
      'a share above one',
      (d: Document) => Object.assign(d.checks[1], { maximumShare: '1.5' }),
      'checks[1].maximumShare',
    ],
    [
      'an internal destination outside the team',
      (d: Document) => Object.assign(d.report.destinations[0], { to: ['x@elsewhere.example'] }),
      'report.destinations[0].to[0]',
    ],
    [
      'a schema whose references multiply',
      (d: Document) =>
        Object.assign(d.sources[0].schema, {
          $defs: Object.fromEntries(
            Array.from({ length: 40 }, (_, at) => [
              `a${at}`,
              at === 0
                ? { type: 'object' }
                : { allOf: [{ $ref: `#/$defs/a${at - 1}` }, { $ref: `#/$defs/a${at - 1}` }] },
            ]),
          ),
          allOf: [{ $ref: '#/$defs/a39' }],
        }),
      'sources[0].schema',
    ],
  ])('is refused for %s', (_what, change, path) => {
    expect(pathsOf(documentWith(change as (document: Document) => void))).toContain(path);
  });

  test.each([
    ['a tab as indentation', 'apiVersion: meshline/v1\nclient:\n\tid: x\n'],
    ['a key that comes twice', 'apiVersion: meshline/v1\napiVersion: meshline/v1\n'],
    [
      'aliases that multiply',
      `a: &a [1,1,1,1,1,1,1,1,1]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\n`,
    ],
    ['nothing at all', ''],
    ['the key __proto__', 'apiVersion: meshline/v1\n__proto__: { admin: true }\n'],
  ])('is refused as unreadable for %s, with a line', (_what, text) => {
    const [first] = problemsOf(text);
    expect(first).toMatchObject({ file: BASE });
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });

  describe('that leans on shared files', () => {
    const agency = stringify({
      apiVersion: 'meshline/v1',
      agency: { id: 'north', name: 'North' },
      people: [
        { id: 'ada', name: 'Ada', email: 'ada@north.example', timezone: 'Europe/London' },
        { id: 'ben', name: 'Ben', email: 'ben@north.example', timezone: 'Europe/London' },
        { id: 'cai', name: 'Cai', email: 'cai@north.example', timezone: 'Europe/London' },
      ],
      teams: {
        retail: { metricOwner: 'ada', transformOwner: 'ada', reportOwner: 'ada', incidentOwner: 'cai', deputy: 'ben' },
      },
    });
    const template = documentWith((document) => {
      for (const key of ['client', 'people', 'owners']) delete document[key];
      document.sources[0].contract = { sla: '6h' };
      document.exceptions.escalateTo = 'incidentOwner';
      document.report.destinations[0].to = ['ada'];
    });
    const client = stringify({
      apiVersion: 'meshline/v1',
      agency: 'agency.yaml',
      extends: 'template.yaml',
      client: { id: 'shop', name: 'Shop', timezone: 'Europe/London', currency: 'GBP', team: 'retail' },
      sources: [{ id: 'till', options: { location: 'shop-{date}.csv' } }],
    });
    const files = { [BASE]: client, '/models/agency.yaml': agency, '/models/template.yaml': template };

    test('is resolved, with where each part came from', () => {
      const checked = checkOperatingModel(files, BASE, { date: TODAY });
      if (!checked.ok) throw new Error(JSON.stringify(checked.problems));
      expect(checked.model.owners.metrics.orders).toEqual({ owner: 'ada', deputy: 'ben' });
      expect(checked.model.sources[0]).toMatchObject({
        options: { location: '/models/shop-{date}.csv', format: 'csv' },
        contract: { sla: '6h', owner: 'ada', deputy: 'ben', escalateTo: 'cai' },
      });
      expect(checked.origins['sources[0].options.location']).toMatchObject({ file: BASE });
      expect(checked.origins['sources[0].mapping']).toMatchObject({ file: '/models/template.yaml' });
    });

    test('names the files that it misses', () => {
      const checked = checkOperatingModel({ [BASE]: client }, BASE, { date: TODAY });
      expect(checked).toMatchObject({ ok: false, missing: ['/models/agency.yaml', '/models/template.yaml'] });
    });

    test('is refused in one edit of the agency when somebody leaves', () => {
      const left = {
        ...files,
        '/models/agency.yaml': agency.replace('id: ben\n', "id: ben\n    until: '2026-03-01'\n"),
      };
      const paths = pathsOf(client, left);
      expect(paths).toEqual(expect.arrayContaining(['owners.incidents.deputy', 'owners.transforms.till.deputy']));
    });
  });

  const webhook = {
    id: 'ops-chat',
    kind: 'webhook',
    url: 'https://hooks.example/x',
    secretRef: 'ops-hook',
    mode: 'live',
  };
  const withWebhook = (own: object) =>
    documentWith((document) => {
      document.report.destinations.push({ ...webhook, ...own });
      document.routing = [{ on: 'incident.opened', when: 'event.severity == "critical"', to: ['ops-chat'] }];
    });
  test('may name a webhook that incidents are routed to, with a secret that is only named', () => {
    expect(problemsOf(withWebhook({}))).toEqual([]);
  });

  test.each([
    ['ftp://hooks.example/x', 'url'],
    ['https://user:password@hooks.example/x', 'url'],
    ['https://[hooks', 'url'],
  ])('is refused with a webhook at %s', (url, key) => {
    expect(pathsOf(withWebhook({ url }))).toEqual([
      expect.stringMatching(new RegExp(`^report.destinations\\[\\d\\]\\.${key}$`)),
    ]);
  });

  test('is refused with a secret in the document, and with alerts that cannot be timed', () => {
    expect(pathsOf(withWebhook({ secret: 'hush' }))).toEqual([expect.stringContaining('report.destinations')]);
    const text = documentWith((document) => {
      document.exceptions.realert = { initialInterval: 'soon', maximumInterval: '2 working hours' };
    });
    expect(pathsOf(text).sort()).toEqual(['exceptions.realert.initialInterval', 'exceptions.realert.maximumInterval']);
  });

  test('takes over single terms of the alerts from its policy', () => {
    const text = documentWith((document) => {
      document.client.policy = 'standard';
      document.policies = { standard: { realert: { maximumAlerts: 3 } } };
      document.exceptions.realert = { initialInterval: '10m' };
    });
    const checked = checkOperatingModel({ [BASE]: text }, BASE, { date: TODAY });
    expect(checked).toMatchObject({
      ok: true,
      model: { exceptions: { realert: { initialInterval: '10m', maximumAlerts: 3 } } },
    });
  });
});
