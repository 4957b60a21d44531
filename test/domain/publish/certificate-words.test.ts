import {
  type CertificateFacts,
  type CertifiedDecision,
  type ComparedControl,
  certificateWords,
} from '../../../domain/publish/certificate-words.ts';
import type { OperatingModel } from '../../../schemas/operating-model.ts';

const model = {
  client: { timezone: 'Europe/London' },
  people: [{ id: 'ana', name: 'Ana Costa' }],
  stores: [{ id: 'main' }],
  controls: [
    { id: 'till-daily', evidence: 'platform_report' },
    { id: 'psp', evidence: 'processor_report', slice: 'gateway' },
  ],
} as unknown as OperatingModel;
const READING = { model, metric: { title: 'Invoiced total' }, businessDate: '2026-11-02' };

const control = (changes: Partial<ComparedControl> = {}): ComparedControl => ({
  controlId: 'till-daily',
  slice: null,
  status: 'matched',
  differenceMicros: 0n,
  currency: 'GBP',
  readAt: new Date('2026-07-03T03:12:00Z'),
  ...changes,
});
const decision = (changes: Partial<CertifiedDecision> = {}): CertifiedDecision => ({
  actor: 'ana',
  reason: 'the till was closed early.',
  kept: false,
  finding: 'till-daily',
  differenceMicros: -12_000_000n,
  currency: 'GBP',
  ...changes,
});
const words = (facts: Partial<CertificateFacts>, reading: Partial<typeof READING> = {}): string =>
  certificateWords(
    { ...READING, ...reading },
    { storeId: 'main', state: 'unreconciled', lapsed: null, controls: [], decisions: [], ...facts },
  );

describe('a certificate in words', () => {
  test('reconciled names whose report it agrees with, the control, and when it was read in the client’s zone', () => {
    expect(words({ state: 'reconciled', controls: [control()] })).toBe(
      'reconciled with the platform’s report on invoiced total (control till-daily), read 3 Jul 04:12',
    );
  });

  test('says the year of a reading that is not the day’s, and a difference within tolerance', () => {
    const late = control({ readAt: new Date('2027-01-03T04:12:00Z'), differenceMicros: -10_000n });
    expect(words({ state: 'reconciled', controls: [late] })).toBe(
      'reconciled with the platform’s report on invoiced total (control till-daily), read 3 Jan 2027 04:12, within tolerance: a difference of 0.01 GBP',
    );
  });

  test('a number that only its parts are compared of names the part', () => {
    const part = control({ controlId: 'psp', slice: 'paypal' });
    expect(words({ state: 'reconciled', controls: [part] })).toMatch(
      /^reconciled with the processor’s report on invoiced total, gateway paypal \(control psp\)/,
    );
  });

  test('qualified names the difference, who accepted it and why', () => {
    expect(words({ state: 'qualified', decisions: [decision()] })).toBe(
      'accepted over a difference of 12.00 GBP by Ana Costa: the till was closed early',
    );
    const count = decision({ actor: 'robot', currency: null, differenceMicros: 2_000_000n, reason: null });
    expect(words({ state: 'qualified', decisions: [count] })).toBe('accepted over a difference of 2 by robot');
  });

  test('what found no difference is named by itself', () => {
    const check = decision({ finding: 'till-arrived', differenceMicros: null });
    expect(words({ state: 'qualified', decisions: [check] })).toBe(
      'accepted over what till-arrived found by Ana Costa: the till was closed early',
    );
  });

  test('a fix that the number was read with is said beside, and accepts nothing', () => {
    const fix = decision({ finding: null, differenceMicros: null, actor: null, reason: null });
    expect(words({ state: 'reconciled', controls: [control()], decisions: [fix] })).toMatch(
      /read 3 Jul 04:12; read with a fix that a person decided$/,
    );
  });

  test('unreconciled says whether a report is missing or there is none', () => {
    expect(words({})).toBe('nothing to compare with');
    expect(words({ controls: [control({ status: 'not_reconciled', readAt: null })] })).toBe(
      'nothing to compare with yet: the platform’s report on invoiced total (control till-daily) is not there',
    );
  });

  test('the client as a whole of several stores is made of their numbers', () => {
    const stores = { ...model, stores: [{ id: 'main' }, { id: 'eu' }] } as unknown as OperatingModel;
    expect(words({ storeId: '' }, { model: stores })).toBe('made of the numbers of its stores');
  });

  test('lapsed says what changed, and what it was before', () => {
    expect(words({ state: 'reconciled', controls: [control()], lapsed: 'a later file of till' })).toBe(
      'changed since: a later file of till; before that reconciled with the platform’s report on invoiced total (control till-daily), read 3 Jul 04:12',
    );
  });
});
