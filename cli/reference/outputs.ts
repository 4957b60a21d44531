import { auditText, verificationText } from '../print/audit.ts';
import { appliedText, clientsText } from '../print/client.ts';
import { closeText } from '../print/close.ts';
import { daysText } from '../print/close-days.ts';
import { deliveriesText, deliveryText, handledText as releasedText } from '../print/deliveries.ts';
import { decidedText, exceptionText, listText } from '../print/exceptions.ts';
import { explainText } from '../print/explain.ts';
import { triedText } from '../print/fixes.ts';
import { handledText, incidentsText, incidentText } from '../print/incidents.ts';
import { modelText } from '../print/model.ts';
import { numbersText } from '../print/numbers.ts';
import { periodText, saidText } from '../print/periods.ts';
import { previewText } from '../print/preview.ts';
import { schedulesText } from '../print/schedules.ts';
import { checkText, uploadedText } from '../print/sources.ts';
import { createdText, tokensText } from '../print/tokens.ts';
import { statusText } from '../status.ts';
import * as sample from './samples.ts';

const token = {
  tokenId: '0d6f6f0e-3a55-4c8e-9f0b-2a4f6e0f7c11',
  person: 'ada',
  role: 'operator' as const,
  clients: ['corner-shop', 'book-barn'],
  service: false,
};

const file = {
  client: 'corner-shop',
  source: 'till',
  businessDate: '2026-03-31',
  fileName: '2026-03-31.csv',
  bytes: 31_204,
  contentHash: 'ab',
  changed: true,
};

/** What the examples of the reference print, by command: the program's own printers over the sample documents. */
export const outputs: Readonly<Record<string, string>> = {
  status: statusText({
    api: 'http://127.0.0.1:7070',
    console: 'http://127.0.0.1:7070/docs',
    temporalUi: 'http://127.0.0.1:8233',
    postgres: 'postgresql://meshline:secret@127.0.0.1:5433/meshline',
    mailbox: 'http://127.0.0.1:8025',
  }),
  'client apply': appliedText({ client: 'corner-shop', version: 3, changed: true }),
  'client preview': previewText(sample.preview),
  'client show': modelText(sample.model),
  'client list': clientsText(sample.clients),
  'close run': closeText(sample.publishedDay),
  'close cancel': closeText({
    ...sample.publishedDay,
    businessDate: '2026-03-31',
    status: 'cancelled',
    metrics: [],
    controls: [],
  }),
  'close backfill': daysText('corner-shop', [sample.publishedDay, sample.waitingDay]),
  'close show': closeText(sample.waitingDay),
  'close revise': closeText(sample.revisedDay),
  'close schedule': schedulesText({
    schedules: [
      {
        client: 'corner-shop',
        scheduleId: 'nightly/corner-shop',
        at: '04:30',
        timezone: 'Europe/London',
        changed: true,
      },
      { client: 'book-barn', scheduleId: 'nightly/book-barn', at: '05:00', timezone: 'Europe/Dublin', changed: false },
    ],
  }),
  'sources check': checkText({
    sources: [
      { source: 'till', status: 'found', message: '/data/2026-03-31.csv is there.', path: '/data/2026-03-31.csv' },
    ],
  }),
  'sources upload': uploadedText(file),
  'metrics get': numbersText(sample.numbers),
  explain: explainText(sample.explanation),
  'exceptions list': listText({ exceptions: [sample.anException] }),
  'exceptions show': exceptionText(sample.anException),
  'exceptions approve': decidedText('approve', { ...sample.anException, state: 'deciding' }),
  'exceptions apply-fix': decidedText('apply_fix', { ...sample.anException, state: 'deciding' }),
  'exceptions resubmit': triedText(sample.anException.id, sample.aTriedFix),
  'exceptions reject': decidedText('reject', { ...sample.anException, state: 'rejected' }),
  'exceptions rerun': decidedText('rerun', { ...sample.anException, state: 'deciding' }),
  'exceptions claim': decidedText('claim', sample.anException),
  'exceptions reassign': decidedText('reassign', sample.anException),
  'exceptions comment': decidedText('comment', sample.anException),
  'incidents list': incidentsText({ incidents: [sample.incident] }),
  'incidents show': incidentText(sample.incident),
  'incidents ack': handledText('ack', sample.incident),
  'incidents update': handledText('update', sample.incident),
  'incidents resolve': handledText('resolve', { ...sample.incident, state: 'resolved' }),
  'deliveries list': deliveriesText({ deliveries: [sample.aDraft, sample.aSentReport], more: false }),
  'deliveries show': deliveryText(sample.aSentReport),
  'deliveries release': releasedText('release', {
    ...sample.aDraft,
    state: 'pending',
    queuedSince: sample.aDraft.createdAt,
  }),
  'deliveries resend': releasedText('resend', { ...sample.aSentReport, queuedSince: sample.aSentReport.createdAt }),
  'period show': periodText(sample.period),
  'period close': saidText('close', { ...sample.period, state: 'soft_closed', locked: null }),
  'period lock': saidText('lock', sample.period),
  'period reopen': saidText('reopen', {
    ...sample.period,
    reopening: { by: 'ada', at: '2026-05-06T09:00:00.000Z', reason: 'the processor restated March' },
  }),
  'audit show': auditText(sample.audit),
  'audit verify': verificationText({ ok: true, events: 1_284, problems: [] }),
  'tokens create': createdText({ ...token, token: 'kq0V…' }),
  'tokens list': tokensText({
    tokens: [{ ...token, createdBy: 'ben', createdAt: '2026-03-02T09:15:00.000Z', revokedAt: null }],
  }),
  'tokens revoke': `Token ${token.tokenId} is revoked.`,
};
