/** How much of a place may be used: everything, or its types only, which leave nothing behind at run time. */
export type Use = { of: string; typesOnly?: true };

/** What the files of a folder, or one file, may import beside their own folder. The longest `place` that fits rules. */
export type ImportRule = {
  place: string;
  /** Our own places, as paths from the root of the project. */
  ours: readonly Use[];
  /** Packages: any, or these only; `node:` stands for all that is built into Node. */
  packages: readonly string[] | 'any';
  /** Packages that are out of bounds although others are not. */
  never?: readonly string[];
};

const all = (of: string): Use => ({ of });
const types = (of: string): Use => ({ of, typesOnly: true });

const TEMPORAL = '@temporalio/';
const NODE = 'node:';
const START_THE_RUNTIME = [all('schemas'), all('domain'), all('infra'), all('temporal.config.ts')];

/** The house: which folder may lean on which. Data goes one way, and so do imports. */
export const IMPORT_RULES: readonly ImportRule[] = [
  { place: 'schemas', ours: [], packages: 'any', never: [NODE, TEMPORAL] },
  { place: 'domain', ours: [all('schemas')], packages: 'any', never: [NODE, TEMPORAL] },
  {
    place: 'workflows',
    ours: [all('domain'), types('schemas'), types('activities')],
    packages: ['@temporalio/workflow', '@temporalio/common'],
  },
  {
    place: 'activities',
    // Functions of infra take their connection from the injected deps; what opens one or keeps state comes as a type.
    ours: [
      all('domain'),
      all('schemas'),
      all('infra'),
      types('infra/postgres/connect.ts'),
      types('infra/postgres/session.ts'),
      types('infra/rowwork'),
      types('infra/temporal'),
      types('infra/runtime'),
    ],
    packages: 'any',
    never: ['@temporalio/client', '@temporalio/worker', '@temporalio/workflow', 'pg'],
  },
  { place: 'infra', ours: [all('schemas'), all('domain'), all('temporal.config.ts')], packages: 'any' },
  { place: 'workers', ours: [all('activities'), all('infra'), all('temporal.config.ts')], packages: 'any' },
  {
    place: 'console/api',
    ours: [all('schemas'), all('domain'), all('infra'), all('workflows/messages.ts'), types('workflows')],
    packages: 'any',
  },
  { place: 'console/client', ours: [], packages: 'any', never: [TEMPORAL, 'pg', 'kysely'] },
  { place: 'console/web', ours: [types('schemas'), all('console/client')], packages: 'any' },
  { place: 'cli', ours: [types('schemas'), all('console/client')], packages: 'any', never: [TEMPORAL, 'pg', 'kysely'] },
  { place: 'cli/up.ts', ours: START_THE_RUNTIME, packages: 'any' },
  { place: 'cli/doctor.ts', ours: START_THE_RUNTIME, packages: 'any' },
  { place: 'temporal.config.ts', ours: [], packages: 'any' },
];
