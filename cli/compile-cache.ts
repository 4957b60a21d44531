import { enableCompileCache } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Keeps what Node makes of the sources, for this user alone, so that the next command starts in half the time. Where it
 * cannot be kept, commands are as slow as without.
 */
export const keepCompiled = (env: NodeJS.ProcessEnv): unknown =>
  enableCompileCache(join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'meshline', 'compiled'));
