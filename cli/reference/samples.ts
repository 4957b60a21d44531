import type {
  AuditDocument,
  ClientDocument,
  ClientList,
  CloseDocument,
  DeliveryDocument,
  ExceptionDocument,
  Explanation,
  IncidentDocument,
  NumberList,
  PeriodDocument,
  PreviewDocument,
} from '../documents.ts';

const HASH = '9b1c5e0d7a42f6c3b8e01d5a7f93c264e8b0a1d2c3f4059687a9bacbdcedfe0f';

/** A small shop and its day, as the API answers; the examples of the reference are printed from these. */
export const clients: ClientList = {
  clients: [
    {
      id: 'corner-shop',
      name: 'Corner Shop',
      version: 3,
      timezone: 'Europe/London',
      currency: 'GBP',
      lastDay: { businessDate: '2026-03-31', status: 'waiting' },
    },
    {
      id: 'book-barn',
      name: 'Book Barn',
      version: 1,
      timezone: 'Europe/Dublin',
      currency: 'EUR',
      lastDay: { businessDate: '2026-03-31', status: 'published' },
    },
  ],
};

const exception: CloseDocument['exceptions'][number] = {
  id: '4f1c09aa7b2e5d81c3f6',
  kind: 'control_difference',
  metric: 'gross_sales',
  owner: 'ada',
  state: 'awaiting_decision',
  deadline: '2026-04-01T10:00:00.000Z',
};

const quarantined: CloseDocument['quarantined'] = [
  {
    source: 'till',
    place: '/data/2026-03-31.csv line 207',
    key: 'R-207',
    amount: '4.20',
    currency: 'GBP',
    errors: [{ path: 'Quantity', found: '"two"', expected: 'a decimal number, such as 12.50' }],
  },
];

export const waitingDay: CloseDocument = {
  client: 'corner-shop',
  businessDate: '2026-03-31',
  attempt: 1,
  workflowId: 'close/corner-shop/2026-03-31',
  status: 'waiting',
  captured: { records: 412, quarantined: 1, duplicates: 0, inSuspense: '4.20' },
  quarantined,
  metrics: [
    {
      metric: 'gross_sales',
      definition: 'gross_sales@1',
      slice: null,
      version: null,
      value: null,
      currency: null,
      status: 'withheld',
      certificate: null,
      reason: 'control till-report differs',
    },
    {
      metric: 'shipping',
      definition: 'shipping@1',
      slice: null,
      version: 1,
      value: '86.50',
      currency: 'GBP',
      status: 'published',
      certificate: 'unreconciled',
    },
    {
      metric: 'orders',
      definition: 'orders@1',
      slice: null,
      version: 1,
      value: '137',
      currency: null,
      status: 'published',
      certificate: 'unreconciled',
    },
  ],
  controls: [
    {
      control: 'till-report',
      metric: 'gross_sales',
      ours: '2871.30',
      theirs: '2890.25',
      difference: '-18.95',
      unreconciled: '-14.75',
      reconcilingItems: [{ kind: 'quarantined', amount: '-4.20', records: 1 }],
      status: 'difference',
      message: 'Ours is 18.95 less.',
    },
  ],
  handoffs: [
    {
      id: '0c7d19e4b2aa51f8c3d6',
      kind: 'source',
      subject: 'till',
      sender: 'till',
      receiver: 'close',
      state: 'acknowledged',
      late: false,
      deadline: '2026-04-01T03:00:00.000Z',
      deliveredAt: '2026-04-01T02:10:00.000Z',
      acknowledgedAt: '2026-04-01T02:10:04.000Z',
      exception: null,
    },
    {
      id: '5be1a90372d4c6f01b88',
      kind: 'destination',
      subject: 'nightly/mail',
      sender: 'close',
      receiver: 'mail',
      state: 'pending',
      late: false,
      deadline: '2026-04-01T07:00:00.000Z',
      deliveredAt: null,
      acknowledgedAt: null,
      exception: null,
    },
  ],
  exceptions: [exception],
  lapsed: null,
  lapsedDays: [],
};

export const publishedDay: CloseDocument = {
  ...waitingDay,
  businessDate: '2026-03-30',
  status: 'published',
  exceptions: [],
  captured: { records: 398, quarantined: 0, duplicates: 0, inSuspense: '0.00' },
  quarantined: [],
  metrics: [
    {
      metric: 'gross_sales',
      definition: 'gross_sales@1',
      slice: null,
      version: 1,
      value: '2691.40',
      currency: 'GBP',
      status: 'published',
      certificate: 'reconciled',
    },
    ...waitingDay.metrics.filter(({ status }) => status === 'published'),
  ],
  controls: [
    {
      control: 'till-report',
      metric: 'gross_sales',
      ours: '2691.40',
      theirs: '2691.40',
      difference: '0.00',
      unreconciled: '0.00',
      reconcilingItems: [],
      status: 'matched',
      message: 'Equal.',
    },
  ],
};

/** The same day after one of its orders came late. */
export const revisedDay: CloseDocument = {
  ...publishedDay,
  attempt: 2,
  metrics: publishedDay.metrics.map((one) => ({ ...one, version: 2 })),
};

export const model: ClientDocument = {
  client: 'corner-shop',
  version: 2,
  effectiveFrom: '2026-03-01',
  appliedBy: 'ada',
  appliedAt: '2026-02-27T15:04:00.000Z',
  document: {
    client: { id: 'corner-shop', name: 'Corner Shop', timezone: 'Europe/London', currency: 'GBP' },
    people: [{ id: 'ada', name: 'Ada Bell', email: 'ada@agency.example' }],
    sources: [{ id: 'till', connector: 'file', options: { location: '/data/{date}.csv', format: 'csv' } }],
  },
  origins: {
    client: { file: '/agency/models/corner-shop.yaml', line: 3 },
    people: { file: '/agency/agency.yaml', line: 4 },
    sources: { file: '/agency/templates/till.yaml', line: 2 },
  },
};

export const preview: PreviewDocument = {
  client: 'corner-shop',
  businessDate: '2026-03-31',
  captured: waitingDay.captured,
  quarantined,
  sources: [{ source: 'till', status: 'captured', message: '412 records of /data/2026-03-31.csv' }],
  metrics: [
    {
      metric: 'gross_sales',
      definition: 'gross_sales@1',
      slice: null,
      value: '2871.30',
      currency: 'GBP',
      status: 'withheld',
      reason: 'gross_sales: ours 2,871.30 GBP, theirs 2,890.25 GBP, difference -18.95 GBP',
    },
    { metric: 'orders', definition: 'orders@1', slice: null, value: '137', currency: null, status: 'published' },
  ],
  problems: [],
};

export const anException: ExceptionDocument = {
  ...exception,
  client: 'corner-shop',
  businessDate: '2026-03-31',
  store: null,
  source: null,
  control: 'till-report',
  message: 'gross_sales is 2,871.30 by our entries and 2,890.25 by the till’s own report.',
  responsible: null,
  claimedBy: null,
  claimedUntil: null,
  version: 1,
  openedAt: '2026-04-01T03:31:08.000Z',
  inputHash: HASH,
  difference: '-18.95',
  currency: 'GBP',
  withheld: ['gross_sales', 'net_sales'],
  reconcilingItems: [{ kind: 'quarantined', amount: '-4.20', records: 1 }],
  workspace: {
    bridge: [
      {
        kind: 'quarantined',
        detail: null,
        amount: '-4.20',
        records: 1,
        largest: [{ place: '/data/till-2026-03-31.csv line 52', key: '1047', amount: '-4.20' }],
      },
    ],
    history: [{ businessDate: '2026-03-24', value: '2790.10', currency: 'GBP', certificate: 'reconciled' }],
    lineage: {
      upstream: [
        {
          source: 'till',
          owner: 'ada',
          records: 212,
          quarantined: 1,
          duplicates: 0,
          transform: 'till@1',
          captures: [
            {
              file: '/data/till-2026-03-31.csv',
              at: '2026-04-01T03:31:02.000Z',
              records: 212,
              new: 212,
              changed: 0,
              gone: 0,
            },
          ],
        },
      ],
      downstream: { metrics: ['gross_sales'], report: 'daily', destinations: ['mail'] },
    },
    tried: [
      {
        attempt: 1,
        cause: 'schedule',
        beginsAt: 'capture',
        status: 'waiting',
        error: null,
        startedAt: '2026-04-01T03:31:00.000Z',
        endedAt: '2026-04-01T03:31:08.000Z',
      },
    ],
  },
  quarantined: quarantined.map((record) => ({ ...record, event: '268435457', record: null })),
  timeline: [
    { at: '2026-04-01T03:31:08.000Z', actor: 'meshline', event: 'opened' },
    { at: '2026-04-01T07:30:00.000Z', actor: 'meshline', event: 'ada was asked by mail' },
  ],
  resolvedAt: null,
  resolution: null,
  incident: null,
  suggestedFixes: [
    {
      id: 'f1',
      kind: 'recapture',
      title: 'Capture the sources again: they have changed since',
      preview: {
        metrics: [{ metric: 'gross_sales', before: '2871.30', after: '2890.25' }],
        checks: [{ check: 'till-report', before: 'failed', after: 'passed' }],
        otherDays: [],
      },
    },
  ],
};

const aNumber: NumberList['numbers'][number] = {
  client: 'corner-shop',
  store: '',
  metric: 'net_sales',
  definition: 'net_sales@1',
  slice: null,
  businessDate: '2026-03-30',
  version: 2,
  value: '2604.15',
  currency: 'GBP',
  status: 'published',
  finality: 'provisional',
  reason: 'late_arrival',
  certificate: 'reconciled',
  publishedAt: '2026-03-31T11:02:40.000Z',
};

export const numbers: NumberList = {
  numbers: [
    { ...aNumber, businessDate: '2026-03-29', version: 1, value: '1980.00', reason: null, finality: 'final' },
    aNumber,
  ],
};

export const explanation: Explanation = {
  ...aNumber,
  title: 'Net sales',
  owner: 'ada',
  certified: {
    state: 'reconciled',
    issuedState: 'reconciled',
    issuedAt: '2026-03-31T11:02:40.000Z',
    attempt: 2,
    lapsed: null,
    inputHash: HASH,
    modelVersion: 3,
    audit: { sequence: '214', hash: HASH },
  },
  inputs: [
    {
      source: 'till',
      records: 398,
      hash: HASH,
      captures: [
        {
          batch: '31',
          slot: '2026-03-30',
          file: '2026-03-30.csv',
          contentHash: HASH,
          records: 398,
          capturedAt: '2026-03-31T11:02:31.000Z',
        },
      ],
    },
  ],
  transforms: [{ transform: 'till', version: 1, owner: 'ada' }],
  checks: [{ check: 'till-arrived', severity: 'block', status: 'passed' }],
  controls: [
    {
      control: 'till-report',
      ours: '2604.15',
      theirs: '2604.15',
      difference: '0.00',
      unreconciled: '0.00',
      reconcilingItems: [],
      status: 'matched',
      message: 'Equal.',
    },
  ],
  decisions: [],
  deliveries: [
    {
      report: 'daily-revenue',
      destination: 'team-mail',
      mode: 'internal',
      status: 'sent',
      recipients: ['ada@agency.example'],
      messageId: '<report.1@meshline.local>',
      sentAt: '2026-03-31T11:02:44.000Z',
    },
  ],
  recomputed: { value: '2604.15', equal: true, records: 398 },
};

export const incident: IncidentDocument = {
  id: 'b7d20c4e91f35a688d01',
  client: 'corner-shop',
  businessDate: '2026-03-31',
  severity: 'major',
  owner: 'ben',
  state: 'acknowledged',
  title: 'gross_sales: ours 2604.15 GBP, theirs 2700.00 GBP, difference -95.85 GBP',
  openedAt: '2026-04-01T10:00:01.000Z',
  exceptions: ['4f1c09aa7b2e5d81c3f6'],
  timeline: [
    {
      at: '2026-04-01T10:00:01.000Z',
      actor: 'meshline',
      event: 'Opened with severity major: gross_sales: ours 2604.15 GBP, theirs 2700.00 GBP, difference -95.85 GBP',
    },
    { at: '2026-04-01T10:12:40.000Z', actor: 'ben', event: 'Acknowledged by ben: on it.' },
  ],
  acknowledgedAt: '2026-04-01T10:12:40.000Z',
  resolvedAt: null,
  closedAt: null,
  cause: null,
  parent: null,
  members: [],
  told: [{ at: '2026-04-01T10:00:02.000Z', event: 'opened', to: 'ben@agency.example', status: 'sent' }],
  webhooks: [
    {
      id: 'b7d20c4e91f35a688d01/opened/major/ops-chat',
      destination: 'ops-chat',
      event: 'incident.opened',
      status: 'sent',
      tries: 1,
      error: null,
      at: '2026-04-01T10:00:02.000Z',
    },
  ],
  summary: null,
};

export const aSentReport: DeliveryDocument = {
  id: '40',
  client: 'corner-shop',
  businessDate: '2026-03-30',
  kind: 'report',
  channel: 'webhook',
  report: 'daily-revenue',
  destination: 'finance-system',
  version: '5f0c9e1a77b2',
  mode: 'live',
  release: 'automatic',
  guarantee: 'at_least_once',
  state: 'sent',
  recipients: ['https://finance.example/meshline'],
  subject: 'report.published of corner-shop 2026-03-30',
  createdAt: '2026-03-31T03:31:08.000Z',
  queuedSince: null,
  sentAt: '2026-03-31T03:31:11.000Z',
  releasedBy: null,
  releasedAt: null,
  supersededBy: null,
  tries: 2,
  error: null,
  key: 'report/corner-shop/2026-03-30/daily-revenue/5f0c9e1a77b2/finance-system',
  event: 'report.published',
  text: null,
  html: null,
  body: '{"id":"report/corner-shop/2026-03-30/daily-revenue/5f0c9e1a77b2/finance-system","type":"report.published","at":"2026-03-31T03:31:08.000Z","report":{"client":"corner-shop"}}',
  page: null,
  log: [
    {
      try: 1,
      startedAt: '2026-03-31T03:31:08.000Z',
      endedAt: '2026-03-31T03:31:08.000Z',
      outcome: 'refused',
      answered: 503,
      error: 'finance.example answered 503',
    },
    {
      try: 2,
      startedAt: '2026-03-31T03:31:10.000Z',
      endedAt: '2026-03-31T03:31:11.000Z',
      outcome: 'sent',
      answered: 200,
      error: null,
    },
  ],
};

export const aDraft: DeliveryDocument = {
  ...aSentReport,
  id: '41',
  businessDate: '2026-03-31',
  channel: 'email',
  destination: 'client-mail',
  release: 'after_review',
  state: 'draft',
  recipients: ['owner@shop.example'],
  subject: 'Corner Shop, Tue 31 Mar 2026: net sales GBP 2,604.15',
  createdAt: '2026-04-01T03:31:08.000Z',
  sentAt: null,
  tries: 0,
  key: '<report.8a54cd10b7e2f0a59c3d41be7f6a2210@meshline.local>',
  event: null,
  text: 'CORNER SHOP',
  html: '<!doctype html>',
  body: null,
  log: [],
};

export const audit: AuditDocument = {
  client: 'corner-shop',
  businessDate: '2026-03-31',
  story: [
    {
      at: '2026-04-01T03:30:02.000Z',
      actor: 'meshline',
      attempt: 1,
      text: 'Captured till: 412 records (412 new) from 2026-03-31.csv.',
    },
    {
      at: '2026-04-01T03:30:05.000Z',
      actor: 'meshline',
      attempt: 1,
      text: 'Normalized till: 411 entries posted, 0 reversed, 1 record in quarantine.',
    },
    {
      at: '2026-04-01T03:31:08.000Z',
      actor: 'meshline',
      attempt: 1,
      text: 'Published 2 numbers; the day is waiting. Withheld: gross_sales, net_sales.',
    },
  ],
  attempts: [
    {
      attempt: 1,
      cause: 'schedule',
      actor: 'meshline',
      beginsAt: 'capture',
      modelVersion: 3,
      status: 'waiting',
      error: null,
      startedAt: '2026-04-01T03:30:00.000Z',
      endedAt: '2026-04-01T03:31:09.000Z',
      runId: 'b0f4a1de',
    },
  ],
};

export const aTriedFix: ExceptionDocument['suggestedFixes'][number] = {
  id: 'f2',
  kind: 'resubmit_quarantined',
  title: 'Resubmit a record of till: quantity = 12',
  preview: {
    metrics: [{ metric: 'gross_sales', before: '2871.30', after: '2875.50' }],
    checks: [{ check: 'till-quarantine', before: 'failed', after: 'passed' }],
    otherDays: [],
  },
};

const ofMonth = (metric: string, ofDays: string, adjustments: string, value: string, currency: string | null) => ({
  store: 'corner-shop',
  metric,
  definition: `${metric}@1`,
  currency,
  days: 31,
  ofDays,
  adjustments,
  value,
});

/** A month that is locked, with what came late to the month before it. */
export const period: PeriodDocument = {
  client: 'corner-shop',
  month: '2026-03',
  state: 'locked',
  closed: { by: 'ada', at: '2026-04-02T08:12:00.000Z', reason: null },
  locked: {
    by: 'ben',
    at: '2026-04-03T09:30:00.000Z',
    reason: 'agreed with finance',
    lock: 1,
    contentHash: HASH,
    audit: { sequence: '1284', hash: HASH },
  },
  reopening: null,
  checklist: [
    { item: 'days', status: 'ok', what: '31 days closed', next: null },
    { item: 'exceptions', status: 'ok', what: 'none is open', next: null },
    { item: 'changes', status: 'ok', what: 'every number rests on what is there now', next: null },
    { item: 'revisions', status: 'ok', what: '1 revision, seen', next: null },
    { item: 'withheld', status: 'ok', what: 'nothing of the report is missing', next: null },
    { item: 'finality', status: 'ok', what: 'every number is final', next: null },
  ],
  revisions: [
    {
      businessDate: '2026-03-12',
      store: 'corner-shop',
      metric: 'net_sales',
      slice: null,
      version: 2,
      old: '2410.00',
      new: '2398.50',
      currency: 'GBP',
      reason: 'late_arrival',
      basis: 'tolerance',
      by: 'meshline',
      at: '2026-03-15T04:31:00.000Z',
    },
  ],
  numbers: [
    ofMonth('net_sales', '84120.35', '-24.00', '84096.35', 'GBP'),
    ofMonth('orders', '4187', '0', '4187', null),
  ],
  adjustments: [
    {
      businessDate: '2026-02-27',
      postedIn: '2026-03',
      store: 'corner-shop',
      metric: 'net_sales',
      amount: '-24.00',
      currency: 'GBP',
      reason: 'late_arrival',
      at: '2026-03-09T04:31:00.000Z',
    },
  ],
  adjustedSince: [],
  timeline: [
    { at: '2026-04-02T08:12:00.000Z', actor: 'ada', event: 'Soft-closed 2026-03.' },
    {
      at: '2026-04-03T09:30:00.000Z',
      actor: 'ben',
      event: 'Locked 2026-03, which ada had soft-closed. Reason: agreed with finance.',
    },
  ],
};
