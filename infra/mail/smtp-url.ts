import { MailError } from './mail-error.ts';

export interface SmtpTarget {
  url: string;
  /** "smtp.example:587", for messages. */
  where: string;
  /** The URL's user and password in every form that may turn up in a server's answer, longest first. */
  secrets: string[];
  /** True where a password would travel to another machine: then TLS is a must unless the URL says `requireTLS=false`. */
  requireTls: boolean;
}

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** Throws a permanent MailError, which does not quote the URL, when it is not `smtp://` or `smtps://`. */
export function smtpTarget(url: string): SmtpTarget {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null || !isSmtpAddress(parsed)) {
    const message =
      'SMTP_URL is not an SMTP address; set it to smtp://user:password@host:port, user and password percent-encoded';
    throw new MailError('permanent', null, message);
  }
  const { hostname, port, protocol, username, password } = parsed;
  return {
    url,
    where: `${hostname}:${port || (protocol === 'smtps:' ? '465' : '587')}`,
    secrets: secretForms(username, password),
    requireTls: username !== '' && protocol === 'smtp:' && !LOOPBACK.test(hostname),
  };
}

/** A path is refused: it is the rest of a password with a bare slash, whose beginning would be taken for the host. */
function isSmtpAddress({ protocol, hostname, pathname }: URL): boolean {
  return /^smtps?:$/.test(protocol) && hostname !== '' && (pathname === '' || pathname === '/');
}

/** As written, decoded, and as the sign-in commands carry them (base64, alone and in AUTH PLAIN's form). */
function secretForms(username: string, password: string): string[] {
  const [user, pass] = [decoded(username), decoded(password)];
  const plain = [user, pass, `\0${user}\0${pass}`];
  const forms = [username, password, user, pass, ...plain.map((text) => Buffer.from(text).toString('base64'))];
  return [...new Set(forms.filter((form) => username !== '' && form !== ''))].sort((a, b) => b.length - a.length);
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
