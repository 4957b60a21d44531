import { mkdir, mkdtemp, realpath, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readHeader } from '../../../../infra/sources/file/header.ts';
import { locateFile } from '../../../../infra/sources/file/locate.ts';
import { fileRoots } from '../../../../infra/sources/file/roots.ts';

describe('the file roots', () => {
  let home: string;
  beforeAll(async () => {
    home = await realpath(await mkdtemp(join(tmpdir(), 'meshline-roots-')));
    for (const folder of ['secrets', 'uploads/acme', 'demo']) await mkdir(join(home, folder), { recursive: true });
    for (const file of ['secrets/local.token', 'uploads/acme/x.csv', 'demo/x.csv'])
      await writeFile(join(home, file), 'content');
    await symlink(join(home, 'secrets/local.token'), join(home, 'demo/link.csv'));
  });
  const locate = (path: string) =>
    locateFile(join(home, path), fileRoots({ MESHLINE_FILE_ROOTS: '/', MESHLINE_HOME: home }));

  test.each(['secrets/local.token', 'uploads/acme/x.csv', 'demo/link.csv'])(
    'never open what the installation keeps for itself: %s',
    async (path) => {
      await expect(locate(path)).rejects.toMatchObject({ type: 'outside_allowed_roots' });
    },
  );

  test('open the rest of what they name', async () => {
    expect(await locate('demo/x.csv')).toBe(join(home, 'demo/x.csv'));
    expect(await locateFile(join(home, 'demo/none.csv'), ['/'])).toBeNull();
  });

  test('allow nothing until told', async () => {
    await expect(locateFile(join(home, 'demo/x.csv'), fileRoots({}))).rejects.toMatchObject({
      type: 'outside_allowed_roots',
    });
  });

  test('keep what a line holds out of the message where it is no header', () => {
    const read = (line: string) =>
      readHeader('/x.csv', { line: 1, bytes: Buffer.from(line), defect: null, wholeHash: null }, ',', {
        requiredColumns: ['day', 'net'],
      });
    expect(() => read('4fa56f0c')).toThrow(/not the expected header: day, net missing\. /);
    expect(() => read('day,total')).toThrow('net missing, found "day,total"');
  });
});
