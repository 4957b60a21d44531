import type { FastifyReply } from 'fastify';
import { isUnreleased } from '../../../domain/delivery.ts';
import { readScoped } from '../../../infra/postgres/access/scope.ts';
import { findPage } from '../../../infra/postgres/read/deliveries.ts';
import type { ApiDeps } from '../deps.ts';
import type { Api } from './route.ts';

/** Nothing of a mail loads, runs or leads a form anywhere; its styles are inline. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const WORDS = {
  expired: [410, 'This link has expired.', 'Ask whoever sent you the report for a new one.'],
  altered: [404, 'There is no report at this address.', 'The link may be incomplete: open it from the mail again.'],
} as const;

const plainPage = (title: string, more: string): string => `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title></head>
<body style="font-family:system-ui,sans-serif;max-width:32rem;margin:4rem auto;padding:0 1rem;">
<h1 style="font-size:1.25rem;">${title}</h1>
<p>${more}</p>
</body>
</html>
`;

const answer = (reply: FastifyReply, status: number, page: string) =>
  reply
    .code(status)
    .headers({ 'content-security-policy': POLICY, 'x-robots-tag': 'noindex, nofollow' })
    .type('text/html; charset=utf-8')
    .send(page);

function refuse(reply: FastifyReply, why: keyof typeof WORDS) {
  const [status, title, more] = WORDS[why];
  return answer(reply, status, plainPage(title, more));
}

/** The page of a mail, for whoever has its link: no sign-in, and nothing but that mail. */
export function pageRoutes(api: Api, { db, pages }: ApiDeps): void {
  api.get<{ Params: { token: string } }>('/r/:token', { schema: { hide: true } }, async ({ params }, reply) => {
    const read = pages.read(params.token, Date.now());
    if ('refused' in read) return refuse(reply, read.refused);
    const mail = await readScoped(db, { clients: null }, (tx) => findPage(tx, read.messageId));
    if (!mail || isUnreleased(mail.status)) return refuse(reply, 'altered');
    return answer(reply, 200, mail.html);
  });
}
