import { type Kysely, sql } from 'kysely';

/** An incident of several clients belongs to the installation, as its audit chain does: no client of that name can be. */
async function createIncidents(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table incident (
      incident_id text primary key,
      client_id text not null,
      business_date date,
      cause_key text,
      parent_id text references incident,
      severity text not null,
      owner text not null,
      state text not null,
      title text not null,
      alerts integer not null default 1,
      alerted_at timestamptz not null default now(),
      cause text,
      summary jsonb,
      opened_at timestamptz not null default now(),
      acknowledged_at timestamptz,
      resolved_at timestamptz,
      closed_at timestamptz
    )`.execute(db);
  await sql`create index incident_day on incident (client_id, business_date)`.execute(db);
  await sql`create index incident_parent on incident (parent_id)`.execute(db);
  // One at a time for a client's day, whatever two transactions believe.
  await sql`
    create unique index incident_of_day on incident (client_id, business_date)
    where state in ('open', 'acknowledged') and business_date is not null`.execute(db);
}

async function createMembers(db: Kysely<unknown>): Promise<void> {
  // `deadline` is the question that became part of the incident: asked anew, an exception may be another incident.
  await sql`
    create table incident_member (
      incident_id text not null references incident,
      exception_id text not null references exception,
      client_id text not null,
      cause_key text,
      deadline timestamptz,
      joined_at timestamptz not null default now(),
      primary key (incident_id, exception_id)
    )`.execute(db);
  await sql`create index incident_member_exception on incident_member (exception_id)`.execute(db);
  await sql`create index incident_member_cause on incident_member (cause_key)`.execute(db);
}

async function createTimeline(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table incident_event (
      event_key text primary key,
      incident_id text not null references incident,
      client_id text not null,
      at timestamptz not null default clock_timestamp(),
      actor text not null,
      on_behalf_of text,
      step text not null,
      event text not null
    )`.execute(db);
  await sql`create index incident_event_incident on incident_event (incident_id, at)`.execute(db);
}

async function createTelling(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table incident_notice (
      notice_id text primary key,
      incident_id text not null references incident,
      client_id text not null,
      event text not null,
      recipient text not null,
      status text not null,
      message_id text not null,
      subject text not null,
      html text not null,
      body_text text not null,
      created_at timestamptz not null default now(),
      sent_at timestamptz
    )`.execute(db);
  await sql`create index incident_notice_incident on incident_notice (incident_id)`.execute(db);
  await sql`
    create table webhook_delivery (
      delivery_id text primary key,
      incident_id text not null references incident,
      client_id text not null,
      destination_id text not null,
      event text not null,
      url text not null,
      secret_ref text not null,
      body text not null,
      status text not null,
      tries integer not null default 0,
      last_status integer,
      last_error text,
      created_at timestamptz not null default now(),
      ended_at timestamptz
    )`.execute(db);
  await sql`create index webhook_delivery_incident on webhook_delivery (incident_id)`.execute(db);
}

export async function up(db: Kysely<unknown>): Promise<void> {
  await createIncidents(db);
  await createMembers(db);
  await createTimeline(db);
  await createTelling(db);
}
