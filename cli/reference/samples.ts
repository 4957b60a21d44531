import type {
  AuditDocument,
  ClientDocument,
  ClientList,
  CloseDocument,
  ExceptionDocument,
  Explanation,
  IncidentDocument,
  NumberList,
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
  versions: [
    {
      version: 1,
      definition: 'net_sales@1',
      value: '2580.00',
      currency: 'GBP',
      status: 'published',
      finality: 'provisional',
      reason: null,
      basis: 'first',
      publishedAt: '2026-03-31T04:31:12.000Z',
      attempt: 1,
      certificate: 'lapsed',
      certificateWords: 'nothing to compare with',
      decided: {
        how: 'the first version',
        actor: null,
        onBehalfOf: null,
        reason: null,
        exception: null,
        at: null,
        audit: { sequence: '208', hash: HASH },
      },
      change: null,
      told: [],
    },
    {
      version: 2,
      definition: 'net_sales@1',
      value: '2604.15',
      currency: 'GBP',
      status: 'published',
      finality: 'provisional',
      reason: 'late_arrival',
      basis: 'provisional',
      publishedAt: '2026-03-31T11:02:40.000Z',
      attempt: 2,
      certificate: 'reconciled',
      certificateWords: 'reconciled with the platform’s report on net sales (control till-report), read 31 Mar 12:02',
      decided: {
        how: 'by itself, the number being provisional',
        actor: null,
        onBehalfOf: null,
        reason: null,
        exception: null,
        at: null,
        audit: { sequence: '214', hash: HASH },
      },
      change: {
        from: 1,
        before: '2580.00',
        after: '2604.15',
        difference: '24.15',
        records: {
          new: { records: 1, contribution: '26.15' },
          changed: { records: 1, contribution: '-2.00' },
          gone: { records: 0, contribution: '0.00' },
          list: [
            {
              state: 'new',
              source: 'till',
              key: '2026-03-30.csv:398',
              file: '2026-03-30.csv',
              line: 399,
              before: '0.00',
              after: '26.15',
              contribution: '26.15',
            },
            {
              state: 'changed',
              source: 'till',
              key: '2026-03-30.csv:17',
              file: '2026-03-30.csv',
              line: 18,
              before: '12.00',
              after: '10.00',
              contribution: '-2.00',
            },
          ],
          more: { records: 0, contribution: '0.00' },
          rest: null,
        },
        parts: [],
        definition: null,
        model: null,
        transforms: [],
      },
      told: [
        {
          destination: 'team-mail',
          kind: 'report',
          report: 'daily-revenue',
          businessDate: '2026-03-30',
          status: 'sent',
          recipients: 1,
          messageId: '<report.1@meshline.local>',
          at: '2026-03-31T11:02:44.000Z',
        },
      ],
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
