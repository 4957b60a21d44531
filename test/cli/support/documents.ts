import type { CloseDocument, ExceptionDocument } from '../../../cli/documents.ts';

const HASH = '5f2c0e9d7b1a';

/** A day that reconciles. */
export const publishedDay: CloseDocument = {
  client: 'online-retail',
  businessDate: '2010-12-01',
  attempt: 1,
  workflowId: 'close/online-retail/2010-12-01',
  status: 'published',
  captured: { records: 3108, quarantined: 0, duplicates: 0, inSuspense: '0.00' },
  quarantined: [],
  metrics: [
    {
      metric: 'invoiced_total',
      definition: 'invoiced_total@1',
      slice: null,
      version: 1,
      value: '58635.56',
      currency: 'GBP',
      status: 'published',
      certificate: 'reconciled',
    },
  ],
  controls: [
    {
      control: 'till-daily',
      metric: 'invoiced_total',
      ours: '58635.56',
      theirs: '58635.56',
      difference: '0.00',
      unreconciled: '0.00',
      reconcilingItems: [],
      status: 'matched',
      message: 'Equal.',
    },
  ],
  handoffs: [
    {
      id: '5be1a90372d4c6f01b88',
      kind: 'destination',
      subject: 'nightly/mail',
      sender: 'close',
      receiver: 'mail',
      state: 'acknowledged',
      late: false,
      deadline: null,
      deliveredAt: '2010-12-02T05:00:00.000Z',
      acknowledgedAt: '2010-12-02T05:00:00.000Z',
      exception: null,
    },
  ],
  exceptions: [],
  lapsed: null,
  lapsedDays: [],
};

const exceptionOfDay: CloseDocument['exceptions'][number] = {
  id: '4f1c09aa7b2e5d81c3f6',
  kind: 'control_difference',
  metric: 'invoiced_total',
  owner: 'revenue-lead',
  state: 'awaiting_decision',
  deadline: '2010-12-02T11:00:00.000Z',
};

/** A day with a difference that a person has to decide about. */
export const waitingDay: CloseDocument = {
  ...publishedDay,
  attempt: 2,
  status: 'waiting',
  captured: { records: 3108, quarantined: 2, duplicates: 1, inSuspense: '12.50' },
  quarantined: [
    {
      source: 'till',
      place: '/data/2010-12-01.csv line 17',
      key: '536365/17',
      amount: '12.50',
      currency: 'GBP',
      errors: [{ path: 'Description', found: 'nothing', expected: 'text' }],
    },
    {
      source: 'till',
      place: '/data/2010-12-01.csv line 52',
      key: '536367/52',
      amount: null,
      currency: null,
      errors: [{ path: 'Quantity', found: '"two"', expected: 'a decimal number, such as 12.50' }],
    },
  ],
  metrics: [
    {
      metric: 'invoiced_total',
      definition: 'invoiced_total@1',
      slice: null,
      version: null,
      value: null,
      currency: 'GBP',
      status: 'withheld',
      certificate: null,
      reason: 'control till-daily differs',
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
      control: 'till-daily',
      metric: 'invoiced_total',
      ours: '49840.44',
      theirs: '58635.56',
      difference: '-8795.12',
      unreconciled: '-8000.12',
      reconcilingItems: [{ kind: 'missing_records', amount: '-795.00', records: 3 }],
      status: 'difference',
      message: 'Ours is less.',
    },
  ],
  exceptions: [exceptionOfDay],
};

export const runningDay: CloseDocument = { ...waitingDay, status: 'running', stage: 'normalize', exceptions: [] };

export const anException: ExceptionDocument = {
  ...exceptionOfDay,
  client: 'online-retail',
  businessDate: '2010-12-01',
  store: null,
  source: null,
  control: 'till-daily',
  message: 'Control till-daily differs by -8795.12 GBP.',
  responsible: null,
  claimedBy: null,
  claimedUntil: null,
  version: 3,
  openedAt: '2010-12-02T04:31:00.000Z',
  inputHash: HASH,
  difference: '-8795.12',
  currency: 'GBP',
  withheld: ['invoiced_total'],
  reconcilingItems: [{ kind: 'missing_records', amount: '-795.00', records: 3 }],
  workspace: {
    bridge: [
      {
        kind: 'missing_records',
        detail: null,
        amount: '-795.00',
        records: 3,
        largest: [{ place: '/data/2010-12-01.csv line 7', key: '536365', amount: '-400.00' }],
      },
    ],
    history: [{ businessDate: '2010-11-24', value: '51200.00', currency: 'GBP', certificate: 'reconciled' }],
    lineage: {
      upstream: [
        {
          source: 'till',
          owner: 'revenue-lead',
          records: 2600,
          quarantined: 0,
          duplicates: 0,
          transform: 'till@1',
          captures: [
            {
              file: '/data/2010-12-01.csv',
              at: '2010-12-02T04:31:00.000Z',
              records: 2600,
              new: 2600,
              changed: 0,
              gone: 0,
            },
          ],
        },
      ],
      downstream: { metrics: ['invoiced_total'], report: 'daily', destinations: ['mail'] },
    },
    tried: [
      {
        attempt: 1,
        cause: 'schedule',
        beginsAt: 'capture',
        status: 'waiting',
        error: null,
        startedAt: '2010-12-02T04:30:00.000Z',
        endedAt: '2010-12-02T04:31:00.000Z',
      },
    ],
  },
  quarantined: [],
  timeline: [{ at: '2010-12-02T04:31:00.000Z', actor: 'meshline', event: 'opened' }],
  resolvedAt: null,
  resolution: null,
  incident: null,
  monthNote: null,
  choices: [
    { verb: 'approve', title: 'Accept the difference', effect: 'the day is published over it.' },
    { verb: 'reject', title: 'Reject the day', effect: 'nothing of it is published.' },
  ],
  suggestedFixes: [],
};
