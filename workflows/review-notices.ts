import { log } from '@temporalio/workflow';
import { messageOf } from './failures.ts';

/** Mails that go out beside the review: it hears decisions also while the mail server is away. */
export type Notices = {
  /** Sends what `key` names, once in this run; that it was sent before this run, the activity knows. */
  send(key: string, tell: () => Promise<void>): void;
  /** Ends when every mail is out, or is no longer wanted. */
  settled(): Promise<void>;
};

export function openNotices(): Notices {
  const sent = new Map<string, Promise<void>>();
  const failed = (error: unknown) => log.error(`A notice could not be sent: ${messageOf(error)}`);
  return {
    send(key, tell) {
      if (!sent.has(key)) sent.set(key, tell().catch(failed));
    },
    settled: async () => void (await Promise.all(sent.values())),
  };
}
