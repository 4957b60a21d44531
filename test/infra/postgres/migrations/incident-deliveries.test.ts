import { sql } from 'kysely';
import { filledOutboxes } from '../../../../infra/postgres/delivery/outbox.ts';
import { releaseDraft } from '../../../../infra/postgres/delivery/release.ts';
import { migratorOf } from '../../../../infra/postgres/migrate.ts';
import { listDeliveries, triesOf, webhooksOf } from '../../../../infra/postgres/read/deliveries.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/database.ts';

const BEFORE = '2026-11-25-y-worker-environment';
const FILTER = { client: 'shop', date: null, state: null, kind: null };

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase('template0');
});
afterAll(() => database.drop());

const mail = (id: string, to: string[], mode = 'live') => ({ id, kind: 'email', mode, to });

/** An installation in which incidents were told of before their texts were deliveries. */
async function fillAsBefore(): Promise<void> {
  const { db } = database;
  await sql`insert into client (client_id, name) values ('shop', 'Shop')`.execute(db);
  for (const [version, destinations] of [
    [1, [mail('shadows', ['owner@shop.example'], 'shadow'), mail('owner', ['owner@shop.example'])]],
    [2, [mail('others', ['other@shop.example'])]],
  ] as const)
    await sql`
      insert into operating_model (client_id, version, document, origins, files, transforms, content_hash, applied_by)
      values ('shop', ${version}, ${JSON.stringify({ report: { id: 'daily', destinations } })}, '{}', '{}', '{}', ${version}, 'ada')`.execute(
      db,
    );
  await sql`
    insert into incident (incident_id, client_id, business_date, severity, owner, state, title)
    values ('i1', 'shop', '2026-03-10', 'major', 'ben', 'open', 'a difference')`.execute(db);
  await sql`
    insert into incident (incident_id, client_id, business_date, severity, owner, state, title, resolved_at)
    values ('i0', 'shop', '2026-03-09', 'major', 'ben', 'closed', 'another', now())`.execute(db);
  for (const [incident, recipient, status] of [
    ['i0', 'owner@shop.example', 'draft'],
    ['i1', 'owner@shop.example', 'draft'],
    ['i1', 'ben@agency.example', 'sent'],
    ['i1', 'gone@shop.example', 'draft'],
  ])
    await sql`
      insert into incident_notice (notice_id, incident_id, client_id, event, recipient, status, message_id, subject, html,
        body_text, created_at)
      values (${`incident/${incident}/opened/major/${recipient}`}, ${incident}, 'shop', 'opened', ${recipient}, ${status},
        ${`<${incident}/${recipient}>`}, 'An incident', '<p>It</p>', 'It', now() - interval '1 hour')`.execute(db);
  for (const [news, status, tries, answered] of [
    ['opened/major', 'sent', 2, 200],
    ['acknowledged/ben', 'pending', 1, null],
    ['resolved', 'stored', 0, null],
  ] as const)
    await sql`
      insert into webhook_delivery (delivery_id, incident_id, client_id, destination_id, event, url, secret_ref, body, status,
        tries, last_status, ended_at)
      values (${`i1/${news}/chat`}, 'i1', 'shop', 'chat', 'incident.opened', 'https://chat.example', 'chat', '{}', ${status},
        ${tries}, ${answered}, case when ${status} = 'sent' then timestamptz '2026-03-11T10:00:00Z' end)`.execute(db);
}

test('what was kept about incidents before becomes deliveries: drafts to release, and requests with their keys', async () => {
  const { db } = database;
  await migratorOf(db).migrateTo(BEFORE);
  await fillAsBefore();
  const { error } = await migratorOf(db).migrateToLatest();
  expect(error).toBeUndefined();

  const [draft, over, ...others] = (await listDeliveries(db, FILTER, 100)).filter((one) => one.channel === 'email');
  // An address that no destination ever named is nobody's to release.
  expect(others).toEqual([]);
  expect(draft).toMatchObject({
    destination_id: 'owner',
    report_id: 'daily',
    mode: 'live',
    status: 'draft',
    recipients: ['owner@shop.example'],
    message_id: '<i1/owner@shop.example>',
    incident_id: 'i1',
  });
  expect(over).toMatchObject({ status: 'superseded', incident_id: 'i0' });
  expect(await releaseDraft(db, draft!.delivery_id, 'ada')).toBe(true);

  const hooks = await webhooksOf(db, 'i1');
  expect(hooks.map((one) => [one.message_id, one.report_version, one.status, one.mode, one.tries])).toEqual([
    ['i1/opened/major/chat', 'i1/opened/major', 'sent', 'live', 2],
    ['i1/acknowledged/ben/chat', 'i1/acknowledged/ben', 'pending', 'live', 1],
    ['i1/resolved/chat', 'i1/resolved', 'stored', 'shadow', 0],
  ]);
  expect(hooks[0]!.sent_at).toEqual(new Date('2026-03-11T10:00:00Z'));
  expect((await triesOf(db, hooks[0]!.delivery_id)).map((one) => one.outcome)).toEqual(['sent']);
  expect((await filledOutboxes(db)).map((one) => one.destinationId)).toEqual(['chat', 'owner']);
});
