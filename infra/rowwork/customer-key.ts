import { createHmac } from 'node:crypto';

const REMEMBERED = 100_000;

/** A customer identifier as a keyed hash: the same within a client, worthless outside it and without the key. */
export function customerKeyer(secret: Uint8Array, clientId: string): (customer: string) => string {
  const known = new Map<string, string>();
  return (customer) => {
    const before = known.get(customer);
    if (before) return before;
    const key = createHmac('sha256', secret).update(`${clientId}\n${customer}`).digest('hex').slice(0, 32);
    if (known.size >= REMEMBERED) known.clear();
    known.set(customer, key);
    return key;
  };
}
