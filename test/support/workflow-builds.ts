import { existsSync, mkdtempSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger, type WorkflowBundleOption } from '@temporalio/worker';

/** The workflows as they are, and as later builds may have them. */
export type Build = 'present' | 'second' | 'third' | 'careless';
type Configuration = Parameters<NonNullable<Parameters<typeof bundleWorkflowCode>[0]['webpackConfigHook']>>[0];
type Plugin = NonNullable<NonNullable<Configuration['plugins']>[number]>;

const PROXIES = './proxies.ts';
const pathOf = (file: string): string => new URL(file, import.meta.url).pathname;

/** Gives every workflow the activities of a build instead of its own; only the build itself still sees those. */
const replaceProxies = (build: Build): Plugin => ({
  apply: (compiler) =>
    compiler.hooks.normalModuleFactory.tap('replace-proxies', ({ hooks }) => {
      hooks.beforeResolve.tap('replace-proxies', (asked) => {
        if (asked.request === PROXIES) asked.request = pathOf(`builds/${build}.ts`);
      });
    }),
});

const withProxiesOf =
  (build: Build) =>
  (configuration: Configuration): Configuration => ({
    ...configuration,
    plugins: [...(configuration.plugins ?? []), ...(build === 'present' ? [] : [replaceProxies(build)])],
  });

/** Where the bundles of this run of the tests are kept: each is made once for all test files. */
const KEPT = process.env.MESHLINE_TEST_BUNDLES ?? mkdtempSync(join(tmpdir(), 'meshline-bundles-'));

async function makeBundle(build: Build, codePath: string): Promise<void> {
  const { code } = await bundleWorkflowCode({
    workflowsPath: pathOf('../../workflows/index.ts'),
    webpackConfigHook: withProxiesOf(build),
    logger: new DefaultLogger('ERROR'),
  });
  // Two processes may make the same one: whoever reads sees one of them whole.
  const unfinished = `${codePath}.${process.pid}`;
  await writeFile(unfinished, code);
  await rename(unfinished, codePath);
}

/** The workflows' bundle; of another build it is the same sources with that one's steps. */
export async function workflowBundle(build: Build = 'present'): Promise<WorkflowBundleOption> {
  const codePath = join(KEPT, `${build}.js`);
  if (!existsSync(codePath)) await makeBundle(build, codePath);
  return { codePath };
}
