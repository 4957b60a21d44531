import { log, sleep } from '@temporalio/workflow';
import { messageOf } from './failures.ts';

/** Mails that go out beside the review: it hears decisions also while the mail server is away. */
export type Notices = {
  /** Sends what `key` names, once in this run; that it was sent before this run, the activity knows. */
  send(key: string, tell: () => Promise<void>): void;
  /** Sends what `key` names when its time has come, like `send`. */
  sendAt(key: string, dueMs: number, tell: () => Promise<void>): void;
  /** Every mail is out, or is no longer wanted. */
  areOut(): boolean;
  /** Ends when every mail is out, or is no longer wanted. */
  settled(): Promise<void>;
};

export function openNotices(): Notices {
  const sent = new Map<string, Promise<void>>();
  const failed = (error: unknown) => log.error(`A notice could not be sent: ${messageOf(error)}`);
  let open = 0;
  const send: Notices['send'] = (key, tell) => {
    if (sent.has(key)) return;
    open += 1;
    const over = () => {
      open -= 1;
    };
    sent.set(key, tell().catch(failed).then(over));
  };
  return {
    send,
    sendAt: (key, dueMs, tell) =>
      send(key, async () => {
        const waitMs = dueMs - Date.now();
        if (waitMs > 0) await sleep(waitMs);
        await tell();
      }),
    areOut: () => open === 0,
    settled: async () => void (await Promise.all(sent.values())),
  };
}
