import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { folderWith } from './support/folder.ts';
import { problem, type RecordedApi, serveRecorded, TOKEN } from './support/recorded-api.ts';
import { runCli, runInShell } from './support/run-cli.ts';

const LIST = { clients: [] };
let api: RecordedApi;
beforeAll(async () => {
  api = await serveRecorded({ 'GET /clients': () => LIST });
});
afterAll(() => api.close());

const homes: { remove: () => void }[] = [];
afterEach(() => {
  for (const home of homes.splice(0)) home.remove();
});

const endpointsOf = (url: string) => ({
  pid: 1,
  api: url,
  console: url,
  temporalUi: 'http://127.0.0.1:8233',
  postgres: 'postgres://meshline:s3cret@127.0.0.1:5433/meshline',
  mailbox: 'http://127.0.0.1:8025',
});

function homeOf(url: string): string {
  const home = folderWith({
    'meshline/run/endpoints.json': JSON.stringify(endpointsOf(url)),
    'meshline/secrets/local.token': `${TOKEN}\n`,
  });
  homes.push(home);
  return home.path;
}

async function freePortUrl(): Promise<string> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return `http://127.0.0.1:${port}`;
}

describe('the installation', () => {
  it.each<[string, (home: string) => { words?: string[]; env?: Record<string, string> }]>([
    ['--data before the command', (home) => ({ words: ['--data', `${home}/meshline`, 'client', 'list', '--json'] })],
    ['--data after the command', (home) => ({ words: ['--json', 'client', 'list', '--data', `${home}/meshline`] })],
    ['MESHLINE_HOME', (home) => ({ env: { MESHLINE_HOME: `${home}/meshline` } })],
    ['XDG_DATA_HOME', (home) => ({ env: { XDG_DATA_HOME: home } })],
  ])('is found by %s', async (_, given) => {
    const { words = ['client', 'list', '--json'], env } = given(homeOf(api.url));
    const { exit, stdout, stderr } = await runCli(words, env);
    expect([exit, JSON.parse(stdout), stderr]).toEqual([0, LIST, '']);
  });

  it('is a remote one by MESHLINE_URL and MESHLINE_TOKEN, also with the path of the API', async () => {
    const { exit } = await runCli(['client', 'list'], { MESHLINE_URL: `${api.url}/api/v1/`, MESHLINE_TOKEN: TOKEN });
    expect(exit).toBe(0);
  });

  it.each<[string, Record<string, string>, number, string]>([
    ['nothing was started here', { MESHLINE_HOME: '/nonexistent/home' }, 4, 'npx meshline up'],
    ['the address has no token', { MESHLINE_URL: 'http://127.0.0.1:1' }, 2, 'MESHLINE_TOKEN'],
    ['the address is none', { MESHLINE_URL: 'shop', MESHLINE_TOKEN: 'x' }, 2, 'MESHLINE_URL'],
  ])('is asked for where %s', async (_, env, expected, named) => {
    const { exit, stderr } = await runCli(['client', 'list'], env);
    expect(exit).toBe(expected);
    expect(stderr).toContain(named);
  });

  it('is not reachable where nothing listens', async () => {
    const { exit, stderr } = await runCli(['client', 'list', '--data', `${homeOf(await freePortUrl())}/meshline`]);
    expect(exit).toBe(4);
    expect(stderr).toContain('ECONNREFUSED');
    expect(stderr).toContain('npx meshline status');
  });

  it('is not running where its file is broken', async () => {
    const home = folderWith({ 'run/endpoints.json': '{"api":' });
    homes.push(home);
    const { exit, stderr } = await runCli(['status', '--data', home.path]);
    expect(exit).toBe(4);
    expect(stderr).toContain('endpoints.json');
  });
});

describe('status', () => {
  it('prints where the services listen, once they answer', async () => {
    const { exit, stdout } = await runCli(['status', '--json', '--data', `${homeOf(api.url)}/meshline`]);
    const { pid, ...addresses } = endpointsOf(api.url);
    expect([exit, JSON.parse(stdout)]).toEqual([0, { ready: true, ...addresses }]);
  });

  it('shows a person no password, and calls the docs of the API what they are', async () => {
    const { exit, stdout } = await runCli(['status', '--data', `${homeOf(api.url)}/meshline`]);
    expect(exit).toBe(0);
    expect(stdout).toMatch(/Postgres\s+postgres:\/\/meshline:…@127\.0\.0\.1:5433\/meshline/);
    expect(stdout).toContain('API docs');
    expect(stdout).not.toContain('s3cret');
  });

  it('is exit 4 while they do not, and says so in its document', async () => {
    const { exit, stdout } = await runCli(['status', '--json', '--data', `${homeOf(await freePortUrl())}/meshline`]);
    expect([exit, JSON.parse(stdout).ready]).toEqual([4, false]);
  });

  it('is exit 4 where nothing was started', async () => {
    const { exit, stdout } = await runCli(['status', '--json', '--data', '/nonexistent/home']);
    expect([exit, JSON.parse(stdout)]).toMatchObject([4, { ready: false, api: null, postgres: null }]);
  });

  it('needs no token', async () => {
    const { exit, stdout } = await runCli(['status', '--json'], { MESHLINE_URL: api.url });
    expect([exit, JSON.parse(stdout)]).toMatchObject([0, { ready: true, api: api.url, postgres: null }]);
  });
});

describe('an answer', () => {
  it('that refuses the token is a failure that says how to get one', async () => {
    const { exit, stderr } = await runCli(['client', 'list'], { ...api.env, MESHLINE_TOKEN: 'old' });
    expect(exit).toBe(1);
    expect(stderr).toContain('The token is not valid.');
    expect(stderr).toContain('tokens create');
  });

  it('that knows no such thing is a failure in the words of the API', async () => {
    const { exit, stdout, stderr } = await runCli(['client', 'show', 'nobody', '--json'], api.env);
    expect(exit).toBe(1);
    expect(stderr).toContain('/clients/nobody: not found');
    expect(JSON.parse(stdout).error.what).toContain('/clients/nobody: not found');
  });

  it.each<[string, string, string[], string]>([
    ['unknown-client', '/clients/:id', ['client', 'show', 'nobody'], 'npx meshline client list'],
    [
      'never-closed',
      '/clients/:client/closes/:date',
      ['close', 'show', '--client', 'shop', '--date', '2026-03-31'],
      'npx meshline close run --client shop --date 2026-03-31',
    ],
    [
      'withheld',
      '/clients/:client/explanation',
      ['explain', '--client', 'shop', '--metric', 'net_sales', '--date', '2026-03-31'],
      'npx meshline close show --client shop --date 2026-03-31',
    ],
    [
      'not-published',
      '/clients/:client/explanation',
      ['explain', '--client', 'shop', '--metric', 'net_sales', '--date', '2026-03-31'],
      'npx meshline metrics get --client shop --metric net_sales',
    ],
    ['unknown-exception', '/exceptions/:id', ['exceptions', 'show', 'none'], 'npx meshline exceptions list'],
  ])('of the kind %s names the command that comes next', async (kind, route, words, next) => {
    const refusing = await serveRecorded({ [`GET ${route}`]: (_, reply) => problem(reply, 404, kind, 'Not there.') });
    const { exit, stderr } = await runCli(words, refusing.env);
    await refusing.close();
    expect([exit, stderr]).toEqual([1, expect.stringContaining(`\`${next}\``)]);
  });

  it('tells its instants in the zone of the reader, and in UTC to scripts', async () => {
    const detail = '2026-03-31 is not over for shop: it ends 2026-04-01T05:00:00.000Z.';
    const refusing = await serveRecorded({
      'POST /clients/:client/closes/:date': (_, reply) => problem(reply, 422, 'day-not-over', detail),
    });
    const words = ['close', 'run', '--client', 'shop', '--date', '2026-03-31', '--json'];
    const { stdout, stderr } = await runCli(words, { ...refusing.env, TZ: 'America/New_York' });
    await refusing.close();
    expect(JSON.parse(stdout).error.what).toBe(detail);
    expect(stderr).toContain('it ends Wed 1 Apr 01:00.');
    expect(stderr).toContain('Close it after that with `npx meshline close run --client shop --date 2026-03-31`.');
  });

  it('that the database is away counts as unreachable', async () => {
    const away = await serveRecorded({
      'GET /clients': (_, reply) => problem(reply, 503, 'storage-unavailable', 'Postgres is away.'),
    });
    const { exit, stderr } = await runCli(['client', 'list'], away.env);
    await away.close();
    expect([exit, stderr.includes('Postgres is away.')]).toEqual([4, true]);
  });

  const serveText = (status: number, text: string) =>
    new Promise<Server>((done) => {
      const server = createServer((_, response) =>
        response.writeHead(status, { 'content-type': 'text/html' }).end(text),
      );
      server.listen(0, '127.0.0.1', () => done(server));
    });

  it.each([
    [200, '<html>hello</html>'],
    [200, ''],
    [200, '"text"'],
    [404, '<html>no such page</html>'],
    [500, 'broken'],
  ])('of HTTP %i and %j is called no answer of Meshline, without a stack trace', async (status, text) => {
    const server = await serveText(status, text);
    const { port } = server.address() as AddressInfo;
    const { exit, stdout, stderr } = await runCli(['client', 'list', '--json'], {
      MESHLINE_URL: `http://127.0.0.1:${port}`,
      MESHLINE_TOKEN: 'x',
    });
    server.close();
    expect([exit, JSON.parse(stdout).error.exit]).toEqual([1, 1]);
    expect(stderr).toContain('not the API of Meshline');
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('cannot do anything to the terminal', async () => {
    const name = 'Shop\u001b]0;owned\u0007\u001b[31m\u202e';
    const hostile = await serveRecorded({
      'GET /clients': () => ({
        clients: [{ id: 'shop', name, version: 1, timezone: 'UTC', currency: 'GBP', lastDay: null }],
      }),
    });
    const { stdout } = await runCli(['client', 'list'], hostile.env);
    await hostile.close();
    expect(stdout).toContain('Shop');
    expect(stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});

describe('stdout', () => {
  it('may be closed early by whoever reads it', async () => {
    const clients = Array.from({ length: 20_000 }, (_, index) => ({
      id: `shop-${index}`,
      name: 'A shop with a name that fills the pipe',
      version: 1,
      timezone: 'Europe/London',
      currency: 'GBP',
      lastDay: null,
    }));
    const many = await serveRecorded({ 'GET /clients': () => ({ clients }) });
    const line = '$CLI client list --json | head -n 1; echo "exit $PIPESTATUS"';
    const { stdout, stderr } = await runInShell(line, many.env);
    await many.close();
    expect([stdout, stderr]).toEqual(['{\nexit 0\n', '']);
  });

  it('has no colours in a pipe, on a build machine neither, unless FORCE_COLOR is set; NO_COLOR wins', async () => {
    const listed = await serveRecorded({
      'GET /clients': () => ({
        clients: [{ id: 'shop', name: 'Shop', version: 1, timezone: 'UTC', currency: 'GBP', lastDay: null }],
      }),
    });
    const piped = await runCli(['client', 'list'], { ...listed.env, CI: 'true' });
    const coloured = await runCli(['client', 'list'], { ...listed.env, FORCE_COLOR: '1' });
    const bare = await runCli(['client', 'list'], { ...listed.env, NO_COLOR: '1', FORCE_COLOR: '1' });
    await listed.close();
    const withColours = [piped, coloured, bare].map(({ stdout }) => stdout.includes('\u001b'));
    expect(withColours).toEqual([false, true, false]);
  });
});
