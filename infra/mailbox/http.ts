import { createReadStream } from 'node:fs';
import type { AddressInfo } from 'node:net';
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { type Catalogue, catalogueOf, type ListedMessage } from './catalogue.ts';
import type { MailFolder } from './folder.ts';
import { guardAgainstOtherSites, MESSAGE_POLICY } from './guard.ts';
import { listPage } from './pages/list-page.ts';
import { messageFrame, messagePage } from './pages/message-page.ts';
import { missingPage } from './pages/missing-page.ts';
import { STYLE_SHEET } from './pages/style.ts';
import { readBody } from './read-message.ts';

const HOST = '127.0.0.1';

export interface RunningHttp {
  port: number;
  url: string;
  close: () => Promise<void>;
}

/** Serves the mailbox's pages and its JSON on 127.0.0.1. */
export async function startHttp(folder: MailFolder, port: number): Promise<RunningHttp> {
  const app = Fastify({ forceCloseConnections: true });
  guardAgainstOtherSites(app);
  const catalogue = catalogueOf(folder);
  addPages(app, folder, catalogue);
  addJson(app, folder, catalogue);
  await app.listen({ host: HOST, port });
  const { port: bound } = app.server.address() as AddressInfo;
  return { port: bound, url: `http://${HOST}:${bound}`, close: () => app.close() };
}

type ById = { Params: { id: string } };
type Paged = { Querystring: { before?: string } };

function addPages(app: FastifyInstance, folder: MailFolder, catalogue: Catalogue): void {
  app.get<Paged>('/', async ({ query }, reply) => {
    return asHtml(reply).send(listPage(await catalogue.list(), query.before ?? null));
  });
  app.get('/style.css', (_request, reply) => reply.type('text/css; charset=utf-8').send(STYLE_SHEET));
  app.get<ById>('/messages/:id', async ({ params }, reply) => {
    const message = await catalogue.find(params.id);
    if (message === null) return asHtml(reply.code(404)).send(missingPage());
    return asHtml(reply).send(messagePage(message, await readBody(folder.fileOf(message.id))));
  });
  app.get<ById>('/messages/:id/html', async ({ params }, reply) => {
    const message = await catalogue.find(params.id);
    const body = message && (await readBody(folder.fileOf(message.id)));
    reply.header('Content-Security-Policy', MESSAGE_POLICY);
    return asHtml(reply.code(body?.html ? 200 : 404)).send(messageFrame(body?.html ?? ''));
  });
  app.get<ById>('/messages/:id/raw', async ({ params }, reply) => {
    const message = await catalogue.find(params.id);
    if (message === null) return asHtml(reply.code(404)).send(missingPage());
    reply.header('Content-Disposition', `attachment; filename="${message.id}.eml"`).type('message/rfc822');
    return reply.send(createReadStream(folder.fileOf(message.id)));
  });
}

function addJson(app: FastifyInstance, folder: MailFolder, catalogue: Catalogue): void {
  app.get('/health', () => ({ ready: true }));
  app.get('/api/messages', async () => ({ messages: await catalogue.list() }));
  app.get<ById>('/api/messages/:id', async ({ params }, reply) => {
    const message = await catalogue.find(params.id);
    if (message === null) return reply.code(404).send({ error: `There is no message ${params.id} in the mailbox.` });
    return wholeMessage(folder, message);
  });
  app.delete('/api/messages', async (_request, reply) => {
    await folder.clear();
    return reply.code(204).send();
  });
}

async function wholeMessage(folder: MailFolder, message: ListedMessage) {
  const body = await readBody(folder.fileOf(message.id));
  return { ...message, html: body?.html ?? null, text: body?.text ?? null, attachments: body?.attachments ?? [] };
}

function asHtml(reply: FastifyReply): FastifyReply {
  return reply.type('text/html; charset=utf-8');
}
