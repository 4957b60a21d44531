import { folderWith } from './support/folder.ts';
import { problem, type RecordedApi, serveRecorded } from './support/recorded-api.ts';
import { runCli } from './support/run-cli.ts';

type Sent = { base: string; files: Record<string, string>; onBehalfOf?: string };

const MODEL = 'agency: ../agency.yaml\nextends: ../templates/shop.yaml\nclient: { id: shop }\n';
const AGENCY = 'people: []\n';
const TEMPLATE = 'sources:\n  - { id: till, schema: ../schemas/order.yaml }\n';
const ORDER = 'type: object\n';

let folder: ReturnType<typeof folderWith>;
let api: RecordedApi | undefined;
beforeEach(() => {
  folder = folderWith({
    'models/shop.yaml': MODEL,
    'agency.yaml': AGENCY,
    'templates/shop.yaml': TEMPLATE,
    'schemas/order.yaml': ORDER,
    'secret.txt': 'of nobody’s business',
  });
});
afterEach(async () => {
  folder.remove();
  await api?.close();
  api = undefined;
});

const missingProblem = (file: string) => ({
  path: 'agency',
  found: `"x", and there is no ${file}`,
  expected: 'the path of a file',
});

/** Refuses until these files are there too; which is missing shows only as far as the documents can be followed. */
function wanting(...rounds: string[][]) {
  return (request: { body: unknown }, reply: never) => {
    const { files } = request.body as Sent;
    const missing = rounds.find((round) => round.some((file) => !(file in files)));
    if (!missing) return { client: 'shop', version: 2, changed: true };
    const absent = missing.filter((file) => !(file in files));
    const problems = absent.map(missingProblem);
    return problem(reply, 422, 'invalid-model', 'The document has problems. Nothing was changed.', {
      problems,
      missing: absent,
    });
  };
}

describe('client apply', () => {
  it('prints what does nothing as it stands, with its place, and exits as if there were no warning', async () => {
    const path = `${folder.path}/models/shop.yaml`;
    const warnings = [{ path: 'routing[1]', found: 'what never holds', expected: 'a condition', file: path, line: 7 }];
    const applied = { client: 'shop', version: 2, changed: true, warnings };
    api = await serveRecorded({ 'POST /clients': (() => applied) as never });
    const forPeople = await runCli(['client', 'apply', path], api.env);
    expect(forPeople.exit).toBe(0);
    expect(forPeople.stdout).toContain('version 2 is applied');
    expect(forPeople.stdout).toContain('models/shop.yaml:7  routing[1]');
    const asJson = await runCli(['client', 'apply', path, '--json'], api.env);
    expect([asJson.exit, JSON.parse(asJson.stdout)]).toEqual([0, applied]);
  });

  it('sends the document with every file that it leans on, layer by layer', async () => {
    const at = (name: string) => `${folder.path}/${name}`;
    const rounds = [[at('agency.yaml'), at('templates/shop.yaml')], [at('schemas/order.yaml')]];
    api = await serveRecorded({ 'POST /clients': wanting(...rounds) as never });
    const { exit, stdout, stderr } = await runCli(['client', 'apply', at('models/shop.yaml'), '--json'], api.env);
    expect([exit, JSON.parse(stdout), stderr]).toEqual([0, { client: 'shop', version: 2, changed: true }, '']);
    expect((api.asked.at(-1)!.body as Sent).files).toEqual({
      [at('models/shop.yaml')]: MODEL,
      [at('agency.yaml')]: AGENCY,
      [at('templates/shop.yaml')]: TEMPLATE,
      [at('schemas/order.yaml')]: ORDER,
    });
  });

  it('keeps the problem of a file that is not there', async () => {
    const gone = `${folder.path}/gone/agency.yaml`;
    api = await serveRecorded({ 'POST /clients': wanting([gone]) as never });
    const { exit, stderr } = await runCli(['client', 'apply', `${folder.path}/models/shop.yaml`], api.env);
    expect(exit).toBe(2);
    expect(stderr).toContain(`there is no ${gone}`);
    expect(api.asked).toHaveLength(1);
  });

  it('sends no file that none of the documents names', async () => {
    api = await serveRecorded({ 'POST /clients': wanting([`${folder.path}/secret.txt`]) as never });
    const { exit } = await runCli(['client', 'apply', `${folder.path}/models/shop.yaml`], api.env);
    expect(exit).toBe(2);
    expect(api.asked.flatMap(({ body }) => Object.keys((body as Sent).files))).toEqual([
      `${folder.path}/models/shop.yaml`,
    ]);
  });

  it('lists every problem with its file and line, what was found and what is expected', async () => {
    const file = `${folder.path}/models/shop.yaml`;
    const problems = [
      { path: 'client.currency', found: '"POUND"', expected: 'an ISO 4217 code', file, line: 7 },
      { path: 'report', found: 'nothing', expected: 'an object' },
    ];
    api = await serveRecorded({
      'POST /clients': (_, reply) => problem(reply, 422, 'invalid-model', 'The document has 2 problems.', { problems }),
    });
    const { exit, stdout, stderr } = await runCli(['client', 'apply', file, '--json'], api.env);
    expect([exit, JSON.parse(stdout).error.problems]).toEqual([2, problems]);
    expect(stderr).toContain(`${file}:7  client.currency\n    found     "POUND"\n    expected  an ISO 4217 code`);
    expect(stderr).toContain('report\n    found     nothing');
  });

  it('says first of all that there is no such document, whether Meshline runs or not', async () => {
    const { exit, stderr } = await runCli(['client', 'apply', `${folder.path}/nope.yaml`]);
    expect(exit).toBe(2);
    expect(stderr).toContain(`${folder.path}/nope.yaml`);
  });

  it('calls a folder no document', async () => {
    const { exit } = await runCli(['client', 'apply', folder.path]);
    expect(exit).toBe(2);
  });

  it('says for whom it is done', async () => {
    api = await serveRecorded({ 'POST /clients': () => ({ client: 'shop', version: 1, changed: false }) });
    const words = ['client', 'apply', `${folder.path}/models/shop.yaml`, '--as', 'ada'];
    const { exit, stdout } = await runCli(words, api.env);
    expect([exit, (api.asked[0]!.body as Sent).onBehalfOf]).toEqual([0, 'ada']);
    expect(stdout).toContain('nothing was changed');
  });
});

describe('client preview', () => {
  it('computes a day under the document, and shows its numbers', async () => {
    const captured = { records: 12, quarantined: 1, duplicates: 0, inSuspense: '0.00' };
    const metrics = [
      {
        metric: 'net_sales',
        definition: 'net_sales@1',
        slice: null,
        value: '1234.50',
        currency: 'GBP',
        status: 'published',
      },
      {
        metric: 'orders',
        definition: 'orders@1',
        slice: null,
        value: '3',
        currency: null,
        status: 'withheld',
        reason: '1 of 12 records of till are in quarantine',
      },
    ];
    const sources = [{ source: 'till', status: 'captured', message: '12 records' }];
    const error = { path: 'amount', found: '"twelve"', expected: 'a decimal number' };
    const record = { source: 'till', place: '/data/till.csv line 7', key: 'a', amount: null, currency: null };
    const quarantined = [{ ...record, errors: [error] }];
    const day = { client: 'shop', businessDate: '2026-03-31' };
    const preview = { ...day, captured, quarantined, sources, metrics, problems: [] };
    api = await serveRecorded({ 'POST /clients/preview': () => preview });
    const words = ['client', 'preview', `${folder.path}/models/shop.yaml`, '--date', '2026-03-31'];
    const people = await runCli(words, api.env);
    const script = await runCli([...words, '--json'], api.env);
    expect([people.exit, JSON.parse(script.stdout)]).toEqual([0, preview]);
    expect(people.stdout).toContain('1,234.50 GBP');
    expect(people.stdout).toContain('nothing is saved');
    expect(people.stdout).toContain('Captured 12 records: 1 quarantined (amount not known), 0 duplicates.');
    expect(people.stdout).toContain('Withheld: 1 of 12 records of till are in quarantine\n  orders');
    expect(people.stdout).toContain(
      'till, /data/till.csv line 7: amount\n    found     "twelve"\n    expected  a decimal number',
    );
    expect(api.asked[0]!.body).toMatchObject({ base: `${folder.path}/models/shop.yaml`, date: '2026-03-31' });
  });
});

describe('client show', () => {
  const shown = {
    client: 'shop',
    version: 3,
    effectiveFrom: null,
    appliedBy: 'ada',
    appliedAt: '2026-03-31T08:00:00.000Z',
    document: { client: { id: 'shop', currency: 'GBP' }, sources: [{ id: 'till' }, { id: 'web' }], calendar: {} },
    origins: {
      client: { file: '/m/shop.yaml', line: 3 },
      sources: { file: '/m/template.yaml', line: 9 },
      'sources[0]': { file: '/m/template.yaml', line: 10 },
      'sources[1]': { file: '/m/shop.yaml', line: 5 },
    },
  };

  it('prints the resolved document as YAML, and where each part was written', async () => {
    api = await serveRecorded({ 'GET /clients/:client': () => shown });
    const { exit, stdout } = await runCli(['client', 'show', 'shop', '--version', '3'], api.env);
    expect([exit, api.asked[0]!.query]).toEqual([0, { version: '3' }]);
    expect(stdout).toContain('# from /m/shop.yaml:3\nclient:\n  id: shop');
    expect(stdout).toContain('# from /m/template.yaml:9\nsources:\n  - id: till\n  # from /m/shop.yaml:5\n  - id: web');
    expect(stdout).toContain('# filled in when the document was resolved\ncalendar: {}');
  });

  it('prints the document of the API as JSON', async () => {
    api = await serveRecorded({ 'GET /clients/:client': () => shown });
    const { stdout } = await runCli(['client', 'show', 'shop', '--json'], api.env);
    expect(JSON.parse(stdout)).toEqual(shown);
  });
});

describe('client list', () => {
  it('is a table of the clients with their last day', async () => {
    const lastDay = { businessDate: '2026-03-31', status: 'partially_published' };
    const client = { id: 'shop', name: 'Corner Shop', version: 3, timezone: 'Europe/London', currency: 'GBP', lastDay };
    api = await serveRecorded({ 'GET /clients': () => ({ clients: [client] }) });
    const { stdout } = await runCli(['client', 'list'], api.env);
    expect(stdout).toMatch(/shop\s+Corner Shop\s+3\s+Europe\/London\s+GBP\s+Tue 31 Mar 2026\s+partially published/);
  });
});
