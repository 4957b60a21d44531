import { createHmac, hash } from 'node:crypto';

/**
 * A customer identifier as a keyed hash of 128 bits: the same within a client, worthless outside it and without the key.
 * The client's own key, of fixed length, goes before the identifier; half of the digest is kept, so no longer one follows.
 */
export function customerKeyer(secret: Uint8Array, clientId: string): (customer: string) => string {
  const key = createHmac('sha256', secret).update(clientId).digest('hex');
  return (customer) => hash('sha256', key + customer, 'hex').slice(0, 32);
}
