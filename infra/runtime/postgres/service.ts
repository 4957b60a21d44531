import { closeSync } from 'node:fs';
import { openLog } from '../log-file.ts';
import type { Service } from '../supervised.ts';
import { type ClusterOptions, startCluster } from './cluster.ts';

/** The embedded Postgres as a service of the installation. */
export function postgresService(options: Omit<ClusterOptions, 'log' | 'onSpawn'>, logFolder: string): Service {
  return {
    name: 'postgres',
    stopSignal: 'SIGINT',
    async launch(onSpawn) {
      const log = openLog(logFolder, 'postgres');
      try {
        await startCluster({ ...options, log, onSpawn });
      } finally {
        closeSync(log);
      }
    },
  };
}
