import { visible } from './report/html.ts';

/**
 * `transient`: sending again may succeed (4xx, connection, timeout). `permanent`: it cannot until something is
 * corrected (5xx, address, configuration).
 */
export type MailErrorKind = 'transient' | 'permanent';

/** Carries no cause: the library's error may hold the server's URL with its password. */
export class MailError extends Error {
  override readonly name = 'MailError';
  readonly kind: MailErrorKind;
  /** SMTP reply code, null when the server said none. */
  readonly replyCode: number | null;
  /** The server may have taken the mail all the same: it had all of it, and was not heard to refuse it. */
  readonly mayBeTaken: boolean;

  constructor(kind: MailErrorKind, replyCode: number | null, message: string, mayBeTaken = false) {
    super(message);
    this.kind = kind;
    this.replyCode = replyCode;
    this.mayBeTaken = mayBeTaken;
  }
}

/** What nodemailer puts on its errors, as far as it is read here. */
export interface SmtpFailure {
  message?: string;
  code?: string;
  /** The SMTP command that was under way. */
  command?: string;
  responseCode?: number;
  response?: string;
  recipient?: string;
}

const PERMANENT_CODES = new Set([
  'EENVELOPE',
  'EMESSAGE',
  'ECONFIG',
  'EAUTH',
  'ENOAUTH',
  'EREQUIRETLS',
  'EMAXRECIPIENTS',
  'EFILEACCESS',
  'EURLACCESS',
]);
const MAX_DETAIL = 300;
/** Commands before the mail itself. */
const BEFORE_THE_MAIL = /^(CONN|EHLO|HELO|LHLO|STARTTLS|AUTH|MAIL FROM|RCPT TO)/;

const NEXT_STEP: Record<MailErrorKind, string> = {
  transient: 'It is safe to send again; if this stays, check that the server of SMTP_URL is up and reachable',
  permanent: 'Correct the address, or the server and sign-in of SMTP_URL, then resend the delivery',
};

/** The typed error for a failed send; `where` is host and port, `secrets` are taken out of every text. */
export function mailErrorFrom(failure: SmtpFailure, where: string, secrets: readonly string[]): MailError {
  const kind = failureKind(failure);
  const replyCode = failure.responseCode ?? null;
  const message = `Mail was not accepted by ${where}: ${failureDetail(failure, secrets)}. ${NEXT_STEP[kind]}`;
  return new MailError(kind, replyCode, message, mayBeTaken(failure));
}

/**
 * A reply is the server's word; without one, only a failure before the mail itself was sent tells that it is not there.
 */
function mayBeTaken({ responseCode, code, command = '' }: SmtpFailure): boolean {
  return responseCode === undefined && !PERMANENT_CODES.has(code ?? '') && !BEFORE_THE_MAIL.test(command);
}

/** The server's word decides, where it spoke; else the library's code. What is unknown may heal. */
export function failureKind({ responseCode, code }: SmtpFailure): MailErrorKind {
  if (responseCode !== undefined && responseCode >= 400) return responseCode < 500 ? 'transient' : 'permanent';
  return PERMANENT_CODES.has(code ?? '') ? 'permanent' : 'transient';
}

/** One line of at most 300 characters, without the credentials of the SMTP URL in any form that a server may echo. */
export function failureDetail({ response, message, code }: SmtpFailure, secrets: readonly string[]): string {
  const text = visible(response ?? message ?? code ?? 'no reason given').trim();
  const clean = secrets.reduce((rest, secret) => rest.replaceAll(secret, '***'), text);
  return clean.slice(0, MAX_DETAIL).replace(/\.$/, '');
}
