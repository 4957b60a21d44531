import type { CreatedToken, TokenList } from '../documents.ts';
import { cleanLine, plural } from '../text.ts';
import { page, table } from './table.ts';
import { moment } from './values.ts';

const reach = (clients: readonly string[] | null) =>
  clients === null ? 'every client' : clients.length > 3 ? plural(clients.length, 'client') : clients.join(', ');

export function createdText({ tokenId, token, person, role, clients }: CreatedToken): string {
  return page(
    `A token for ${cleanLine(person)}, ${role} of ${reach(clients)} (${tokenId}). It is shown this once:`,
    `  ${cleanLine(token)}`,
    'Next: hand it over on a safe way; it goes into MESHLINE_TOKEN, with the address in MESHLINE_URL.',
  );
}

export function tokensText({ tokens }: TokenList): string {
  if (tokens.length === 0) return 'There are no tokens.';
  const rows = tokens.map(({ tokenId, person, role, clients, createdBy, createdAt, revokedAt }) => [
    tokenId,
    person,
    role,
    reach(clients),
    `${moment(createdAt)} by ${createdBy}`,
    revokedAt ? { text: `revoked ${moment(revokedAt)}`, tone: 'quiet' as const } : 'in use',
  ]);
  return table(['Token', 'Person', 'Role', 'Reaches', 'Made', ''], rows);
}
