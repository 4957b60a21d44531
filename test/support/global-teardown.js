import { rm } from 'node:fs/promises';

export default async function globalTeardown() {
  const { cluster, folder } = globalThis.meshlineTestCluster;
  await cluster.stop();
  await rm(folder, { recursive: true, force: true });
}
