import type { MailFolder } from './folder.ts';
import { isMessageId } from './message-name.ts';
import { type MessageSummary, readSummary } from './read-message.ts';

/** A message as the list shows it; `repeats` counts the earlier messages with the same Message-ID. */
export type ListedMessage = MessageSummary & { repeats: number };

/** What the folder holds, read once a file: a message never changes after it is stored. */
export interface Catalogue {
  /** Newest first. */
  list: () => Promise<ListedMessage[]>;
  /** Null where there is no such message. */
  find: (id: string) => Promise<ListedMessage | null>;
}

export function catalogueOf(folder: MailFolder): Catalogue {
  const known = new Map<string, MessageSummary>();
  const list = async () => {
    const ids = await folder.ids();
    forgetOthers(known, ids);
    // One after the other: a mailbox of thousands must not open them all at once.
    for (const id of ids.filter((id) => !known.has(id))) {
      const summary = await readSummary(id, folder.fileOf(id));
      if (summary !== null) known.set(id, summary);
    }
    return withRepeats(ids.flatMap((id) => known.get(id) ?? []).sort(newestFirst));
  };
  return {
    list,
    find: async (id) => (isMessageId(id) ? ((await list()).find((message) => message.id === id) ?? null) : null),
  };
}

function forgetOthers(known: Map<string, MessageSummary>, ids: readonly string[]): void {
  const present = new Set(ids);
  for (const id of known.keys()) if (!present.has(id)) known.delete(id);
}

/** By the instant of receipt; ids decide between files that were put there by hand. */
function newestFirst(a: MessageSummary, b: MessageSummary): number {
  return a.receivedAt === b.receivedAt ? (a.id < b.id ? 1 : -1) : a.receivedAt < b.receivedAt ? 1 : -1;
}

function withRepeats(messages: readonly MessageSummary[]): ListedMessage[] {
  const seen = new Map<string, number>();
  const oldestFirst = messages.toReversed().map((message) => {
    const repeats = message.messageId === null ? 0 : (seen.get(message.messageId) ?? 0);
    if (message.messageId !== null) seen.set(message.messageId, repeats + 1);
    return { ...message, repeats };
  });
  return oldestFirst.toReversed();
}
