import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../../infra/runtime/home.ts';

const VERSION = '1.31.0';
const PROGRAM = 'test-server';

const placeOf = (env: NodeJS.ProcessEnv): string => join(cacheFolder(env), PROGRAM, VERSION);

/** The time-skipping server that is at hand, as a program to start with a port; null where none is. */
export function findTestServer(env: NodeJS.ProcessEnv = process.env): string | null {
  const program = join(placeOf(env), PROGRAM);
  return existsSync(program) ? program : null;
}

/** Lets the SDK download Temporal's own build; null where that is out of reach. */
async function download(folder: string): Promise<string | null> {
  const { TestWorkflowEnvironment } = await import('@temporalio/testing');
  try {
    const server = { executable: { type: 'cached-download', downloadDir: folder } } as const;
    await (await TestWorkflowEnvironment.createTimeSkipping({ server })).teardown();
  } catch {
    return null;
  }
  const got = readdirSync(folder)[0];
  return got ? `exec "$(dirname "$0")/${got}" "$@"` : null;
}

const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>meshline</groupId>
  <artifactId>test-server</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>io.temporal</groupId>
      <artifactId>temporal-test-server</artifactId>
      <version>${VERSION}</version>
    </dependency>
  </dependencies>
</project>
`;

const runs = (program: string, args: readonly string[]): boolean =>
  spawnSync(program, args, { stdio: 'ignore' }).status === 0;

/** Resolves the same server as a Java library; null without Java and Maven, or where Maven reaches no repository. */
function resolveJars(folder: string): string | null {
  if (!runs('java', ['-version']) || !runs('mvn', ['-version'])) return null;
  const pom = join(folder, 'pom.xml');
  writeFileSync(pom, POM);
  const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${join(folder, 'lib')}`];
  if (!runs('mvn', ['-B', '-q', '-f', pom, ...goal])) return null;
  // Without its flag "--enable-time-skipping" the clock stands still until a test lets it run.
  return 'exec java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp "$(dirname "$0")/lib/*" io.temporal.testserver.TestServer "$1"';
}

/**
 * Finds the time-skipping server or gets it: downloaded from Temporal, else from Maven Central, and then kept in the
 * cache. Answers null where neither can be had; what needs it is then to be reported as skipped.
 */
export async function obtainTestServer(env: NodeJS.ProcessEnv = process.env): Promise<string | null> {
  const found = findTestServer(env);
  if (found) return found;
  const place = placeOf(env);
  mkdirSync(join(place, '..'), { recursive: true });
  const folder = mkdtempSync(join(place, '..', 'get-'));
  try {
    const command = (await download(folder)) ?? resolveJars(folder);
    if (!command) return null;
    writeFileSync(join(folder, PROGRAM), `#!/bin/sh\n${command}\n`);
    chmodSync(join(folder, PROGRAM), 0o755);
    // Moved to its place whole: of two that get it at once, the second finds it there.
    if (!existsSync(place)) renameSync(folder, place);
    return findTestServer(env);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (import.meta.main) {
  const program = await obtainTestServer();
  process.stdout.write(program ? `${program}\n` : 'No time-skipping server: it needs a download, or Java and Maven.\n');
}
