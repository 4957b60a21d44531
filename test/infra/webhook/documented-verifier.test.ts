import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sendWebhook } from '../../../infra/webhook/send.ts';
import { type Receiver, startReceiver } from '../../support/webhook-receiver.ts';

const page = readFileSync(new URL('../../../docs/deliveries.md', import.meta.url), 'utf8');
const body = JSON.stringify({ id: 'report/a/2026-03-10/nightly/v1/hook', type: 'report.published', name: 'Größe · ✓' });

let receiver: Receiver;
let folder: string;
beforeAll(async () => {
  receiver = await startReceiver();
  folder = mkdtempSync(join(tmpdir(), 'meshline-verifier-'));
  writeFileSync(join(folder, 'verifier.mjs'), /```js\n([\s\S]*?)```/.exec(page)![1]!);
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await receiver.close();
});

/** Asks the program of the page, in a process that knows nothing of ours. */
function isGenuine(...given: [signature: unknown, body: string, secret: string, now?: number]): boolean {
  const program = `import { isGenuine } from './verifier.mjs'; process.stdout.write(String(isGenuine(...JSON.parse(process.argv[1]))));`;
  const args = ['--input-type=module', '-e', program, JSON.stringify(given)];
  return execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8', env: {} }) === 'true';
}

test('a request is verified by the program that the documentation shows, and an altered or old one is not', async () => {
  const request = { url: receiver.url, secret: 'hush ✓', event: 'report.published', idempotencyKey: 'k' };
  await sendWebhook({ ...request, body });
  const { headers, body: came } = receiver.received[0]!;
  const signature = String(headers['meshline-signature']);
  const seconds = Number(/^t=(\d+)/.exec(signature)![1]);
  expect(isGenuine(signature, came, 'hush ✓')).toBe(true);
  expect(isGenuine(signature, came.replace('nightly', 'weekly'), 'hush ✓')).toBe(false);
  expect(isGenuine(signature, came, 'another secret')).toBe(false);
  expect(isGenuine(signature, came, 'hush ✓', seconds + 301)).toBe(false);
  expect(isGenuine(signature.replace(`t=${seconds}`, `t=${seconds + 1}`), came, 'hush ✓')).toBe(false);
  for (const broken of [null, '', 'v1=00', `${signature}0`]) expect(isGenuine(broken, came, 'hush ✓')).toBe(false);
});
