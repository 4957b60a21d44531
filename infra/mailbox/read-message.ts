import { open, readFile, stat } from 'node:fs/promises';
import { type ParsedMail, simpleParser } from 'mailparser';
import { instantOf } from './message-name.ts';

/** One line of the list. An unreadable message has an id and a time, and every other field is empty. */
export interface MessageSummary {
  id: string;
  /** ISO instant. */
  receivedAt: string;
  from: string;
  to: string[];
  subject: string;
  /** With its angle brackets. */
  messageId: string | null;
  /** By lower-case name, decoded; a header that occurs several times is joined by line breaks. */
  headers: Record<string, string>;
  unreadable: boolean;
}

export interface MessageBody {
  html: string | null;
  text: string | null;
  attachments: { fileName: string; contentType: string; bytes: number }[];
}

const HEAD_BYTES = 256 * 1024;

/** Reads the headers alone. What cannot be read is an unreadable message; null where the file is gone. */
export async function readSummary(id: string, path: string): Promise<MessageSummary | null> {
  const file = await stat(path).catch(() => null);
  if (file === null) return null;
  const empty = unreadable(id, instantOf(id) ?? file.mtime.toISOString());
  const mail = await readHead(path).then(parsed, () => null);
  return mail === null ? empty : { ...empty, ...summaryOf(mail), unreadable: false };
}

/** Reads a whole message; null where none can be made out. Images inside the message become data URLs. */
export async function readBody(path: string): Promise<MessageBody | null> {
  const mail = await readFile(path).then(parsed, () => null);
  if (mail === null) return null;
  return {
    html: mail.html || null,
    text: mail.text ?? null,
    attachments: mail.attachments
      .filter(({ related }) => !related)
      .map(({ filename, contentType, size }) => ({ fileName: filename ?? 'unnamed', contentType, bytes: size })),
  };
}

/** The file up to the empty line that ends the headers: a list never reads bodies. */
async function readHead(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(HEAD_BYTES), position: 0 });
    const read = buffer.subarray(0, bytesRead);
    const end = /\r?\n\r?\n/.exec(read.toString('latin1'));
    return end === null ? read : read.subarray(0, end.index + end[0].length);
  } finally {
    await file.close();
  }
}

async function parsed(source: Buffer): Promise<ParsedMail | null> {
  try {
    const mail = await simpleParser(source, { skipTextToHtml: true, skipTextLinks: true });
    return mail.headerLines.some(({ key }) => /^(from|to|subject|date|message-id)$/.test(key)) ? mail : null;
  } catch {
    return null;
  }
}

function summaryOf(mail: ParsedMail) {
  const to = [mail.to ?? []].flat().flatMap(({ value }) => value);
  return {
    from: (mail.from?.value ?? [])
      .map(({ name, address }) => (name ? `${name} <${address}>` : (address ?? '')))
      .join(', '),
    to: to.flatMap(({ address, group }) => (group ? group.map((member) => member.address ?? '') : (address ?? ''))),
    subject: mail.subject ?? '',
    messageId: mail.messageId ?? null,
    headers: headersOf(mail),
  };
}

function headersOf({ headerLines, headers }: ParsedMail): Record<string, string> {
  const read = new Map<string, string>();
  for (const { key, line } of headerLines) {
    const decoded = headers.get(key);
    const written = line.slice(line.indexOf(':') + 1).replace(/\r?\n[ \t]+/g, ' ');
    const value = (typeof decoded === 'string' ? decoded : written).trim();
    read.set(key, read.has(key) ? `${read.get(key)}\n${value}` : value);
  }
  return Object.fromEntries(read);
}

function unreadable(id: string, receivedAt: string): MessageSummary {
  return { id, receivedAt, from: '', to: [], subject: '', messageId: null, headers: {}, unreadable: true };
}
