import { bundleWorkflowCode, DefaultLogger, type WorkflowBundle } from '@temporalio/worker';

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

const bundles = new Map<Build, Promise<WorkflowBundle>>();

/** The workflows' bundle, made once for a process; of another build it is the same sources with that one's steps. */
export function workflowBundle(build: Build = 'present'): Promise<WorkflowBundle> {
  const made =
    bundles.get(build) ??
    bundleWorkflowCode({
      workflowsPath: pathOf('../../workflows/index.ts'),
      webpackConfigHook: withProxiesOf(build),
      logger: new DefaultLogger('ERROR'),
    });
  bundles.set(build, made);
  return made;
}
