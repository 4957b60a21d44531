import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type CloseDay, valuesOf } from '../support/close-document.ts';
import { TestInstallation } from '../support/installation.ts';

const DAY = ['--client', 'corner-shop', '--date', '2026-03-02'];
const tell = (text: string): void => void process.stderr.write(`${text}\n`);

/** A checkout of another commit, with the packages of this one. */
function checkoutOf(revision: string): { folder: string; remove(): void } {
  const folder = join(mkdtempSync(join(tmpdir(), 'meshline-upgrade-')), 'checkout');
  execFileSync('git', ['worktree', 'add', '--detach', '--quiet', folder, revision]);
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
  return { folder, remove: () => void execFileSync('git', ['worktree', 'remove', '--force', folder]) };
}

/** The example whose platform reports another total: its day waits for a person. */
function disagreeingShop(): string {
  const folder = mkdtempSync(join(tmpdir(), 'corner-shop-'));
  cpSync('examples/corner-shop', folder, { recursive: true });
  writeFileSync(join(folder, 'daily-totals.csv'), 'day,total_sales\n2026-03-02,999.00\n');
  return folder;
}

async function leaveOpenException(installation: TestInstallation, shop: string): Promise<void> {
  await installation.start('--empty');
  await installation.json(['client', 'apply', join(shop, 'operating-model.yaml')]);
  await installation.json(['close', 'run', ...DAY, '--wait'], [3]);
  await installation.stop();
}

async function decideIt(installation: TestInstallation): Promise<CloseDay> {
  await installation.start();
  const { exceptions } = await installation.json<{ exceptions: { id: string; state: string }[] }>([
    'exceptions',
    'list',
  ]);
  if (exceptions.length !== 1 || exceptions[0]!.state !== 'awaiting_decision')
    throw new Error(`one exception should wait: ${JSON.stringify(exceptions)}`);
  await installation.json(['exceptions', 'approve', exceptions[0]!.id, '--reason', 'agreed with the platform']);
  const show = () => installation.json<CloseDay>(['close', 'show', ...DAY]);
  await installation.until(async () => (await show()).status === 'published', 60_000);
  return show();
}

/**
 * Shows that a data folder of another commit, with an exception open, works with this checkout: the exception is still
 * there, a decision on it is carried out, and the audit trail verifies.
 */
const { from } = parseArgs({ options: { from: { type: 'string', default: 'HEAD~1' } } }).values;
const before = checkoutOf(from);
const shop = disagreeingShop();
const installation = new TestInstallation();
try {
  tell(`Leaving an exception open with ${from}`);
  installation.checkout = before.folder;
  await leaveOpenException(installation, shop);
  tell('Going on with this checkout');
  installation.checkout = '.';
  const day = await decideIt(installation);
  const audit = await installation.json<{ ok: boolean }>(['audit', 'verify']);
  const ok = valuesOf(day).total_sales === '230.63' && audit.ok;
  process.stdout.write(`${JSON.stringify({ ok, from, status: day.status, values: valuesOf(day), audit }, null, 2)}\n`);
  process.exitCode = ok ? 0 : 1;
} finally {
  await installation.dispose();
  before.remove();
  rmSync(shop, { recursive: true, force: true });
}
