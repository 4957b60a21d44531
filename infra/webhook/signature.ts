import { createHmac } from 'node:crypto';

/**
 * What proves to a receiver that a request is ours and not an old one sent again: the HMAC-SHA256 of
 * `<timestamp>.<body>`, as `t=<Unix seconds>,v1=<hex>`.
 */
export function signatureOf(secret: string, body: string, atMs: number): string {
  const seconds = Math.floor(atMs / 1000);
  const digest = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
  return `t=${seconds},v1=${digest}`;
}
