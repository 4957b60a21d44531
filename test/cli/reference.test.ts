import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const root = new URL('../../', import.meta.url);

describe('the reference of the command line', () => {
  it('is what the program itself says; make it anew with node cli/reference/generate.ts', () => {
    const made = execFileSync(process.execPath, ['cli/reference/generate.ts', '--print'], {
      cwd: root,
      encoding: 'utf8',
    });
    expect(readFileSync(new URL('docs/cli.md', root), 'utf8')).toBe(made);
  });
});
