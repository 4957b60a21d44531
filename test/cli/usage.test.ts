import { runCli } from './support/run-cli.ts';

const DAY = ['--client', 'shop', '--date', '2026-03-31'];

describe('wrong usage', () => {
  it.each<[string, string[], string]>([
    ['an unknown command', ['frob'], 'frob'],
    ['an unknown option', ['status', '--frob'], '--frob'],
    ['no command of a group', ['close'], 'close'],
    ['an argument too many', ['client', 'list', 'x'], 'x'],
    ['a missing argument', ['client', 'apply'], 'file'],
    ['a missing option', ['close', 'run', '--client', 'shop'], '--date'],
    ['a date that does not exist', ['close', 'show', '--client', 'shop', '--date', '2026-02-30'], '2026-02-30'],
    ['a date in another form', ['close', 'show', '--client', 'shop', '--date', '31.3.2026'], '31.3.2026'],
    ['a client id with a slash', ['close', 'show', '--client', '../x', '--date', '2026-03-31'], '../x'],
    [
      'a range that ends before it begins',
      ['close', 'backfill', '--client', 'shop', '--from', '2026-03-02', '--to', '2026-03-01'],
      '--from',
    ],
    ['approve without a reason', ['exceptions', 'approve', '4f1c'], '--reason'],
    ['reject with an empty reason', ['exceptions', 'reject', '4f1c', '--reason', ' '], 'reason'],
    ['a version that is no number', ['exceptions', 'rerun', '4f1c', '--version', 'latest'], 'latest'],
    ['a role that there is not', ['tokens', 'create', '--person', 'ada', '--role', 'king'], 'king'],
    ['a slice without a member', ['explain', ...DAY, '--metric', 'net_sales', '--slice', 'channel'], '--member'],
    ['a schedule for nobody', ['close', 'schedule'], '--all'],
    ['a schedule for one and all', ['close', 'schedule', '--client', 'shop', '--all'], '--all'],
  ])('calls %s an error of usage and says what to do next', async (_, words, named) => {
    const { exit, stdout, stderr } = await runCli(words, { MESHLINE_HOME: '/nonexistent/home' });
    expect([exit, stdout]).toEqual([2, '']);
    expect(stderr).toContain(named);
    expect(stderr).toMatch(/^next: /m);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('prints one JSON document for wrong usage too, where JSON is asked for', async () => {
    const { exit, stdout } = await runCli(['close', 'run', '--json', '--client', 'shop', '--date', 'today']);
    expect(exit).toBe(2);
    expect(JSON.parse(stdout).error).toMatchObject({ exit: 2, what: expect.stringContaining('today') });
  });
});

describe('help', () => {
  const commands = [
    ['up'],
    ['status'],
    ['doctor'],
    ['client', 'apply'],
    ['client', 'list'],
    ['client', 'show'],
    ['client', 'preview'],
    ['close', 'run'],
    ['close', 'backfill'],
    ['close', 'show'],
    ['close', 'cancel'],
    ['close', 'schedule'],
    ['sources', 'check'],
    ['sources', 'upload'],
    ['metrics', 'get'],
    ['explain'],
    ['exceptions', 'list'],
    ['exceptions', 'show'],
    ['exceptions', 'approve'],
    ['exceptions', 'reject'],
    ['exceptions', 'rerun'],
    ['period', 'show'],
    ['period', 'close'],
    ['period', 'lock'],
    ['period', 'reopen'],
    ['audit', 'show'],
    ['audit', 'verify'],
    ['tokens', 'create'],
    ['tokens', 'list'],
    ['tokens', 'revoke'],
  ].map((words) => [words.join(' '), words] as const);

  it.each(commands)('of %s explains it with an example', async (name, words) => {
    const { exit, stdout, stderr } = await runCli([...words, '--help']);
    expect([exit, stderr]).toEqual([0, '']);
    expect(stdout).toContain(`Usage: meshline ${name}`);
    expect(stdout).toContain(`npx meshline ${name}`);
  });

  it('of the program lists the commands and what the exit codes mean', async () => {
    const { exit, stdout } = await runCli(['--help']);
    expect(exit).toBe(0);
    expect(stdout).toContain('exceptions');
    expect(stdout).toContain('4 not running or unreachable');
  });

  it('is what no command at all leads to, as an error of usage', async () => {
    const { exit, stderr } = await runCli([]);
    expect(exit).toBe(2);
    expect(stderr).toContain('npx meshline --help');
  });

  it('prints the version of the program', async () => {
    const { exit, stdout } = await runCli(['--version']);
    expect(exit).toBe(0);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
