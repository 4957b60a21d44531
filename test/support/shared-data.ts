import { existsSync } from 'node:fs';

const isThere = existsSync('../shared/data') && existsSync('../shared/examples');
const REASON = 'not tried: ../shared is not beside the checkout';

/** Tests over real data, which is read where it lies and is no part of the repository. */
export const describeWithShared = (title: string, body: () => void): void =>
  isThere ? describe(title, body) : describe.skip(`${title} (${REASON})`, body);

export const testWithShared = (title: string, body: () => Promise<void>, timeoutMs?: number): void =>
  isThere ? test(title, body, timeoutMs) : test.skip(`${title} (${REASON})`, body, timeoutMs);
