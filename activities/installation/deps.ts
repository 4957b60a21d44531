import type { Installation } from '../../infra/temporal/installation.ts';
import type { Deps } from '../deps.ts';

/** What the care of an installation works with. */
export type CareDeps = Pick<Deps, 'db' | 'secrets' | 'engine' | 'pages'> & { installation: Installation };
