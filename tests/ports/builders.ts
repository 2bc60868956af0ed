/** Builders for what the port suites store; every field has a value, and a test names only those it is about. */
import type { Finding } from '../../contracts/finding.ts';
import type { LogEntry, ReportRecord } from '../../contracts/log-record.ts';
import type { Mean } from '../../contracts/mean.ts';
import type {
  DeadLetter,
  DetectionCommit,
  Sample,
  StoredMark,
  StoredOrder,
} from '../../contracts/ports/detection-store.ts';
import type { RuleEntry } from '../../contracts/rule-entry.ts';
import { formatInstant } from '../../contracts/time/instant.ts';

const SHANGHAI = 480;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;
/** 2026-11-22T08:00:00+08:00 */
export const T0 = Date.UTC(2026, 10, 22);

export function instant(at: number): string {
  return formatInstant(at, SHANGHAI);
}

export function reportEntry(fields: Partial<ReportRecord> = {}): ReportRecord {
  return {
    kind: 'report',
    received: T0,
    site: 'demo-cement',
    device: 'cems-1',
    body: '{"ts":"2026-11-22T08:00:00+08:00","values":{"so2":12.3,"nox":31.4}}',
    ...fields,
  };
}

/** One entry of every kind, with texts that are not ASCII. */
export function everyKindOfEntry(received: number): LogEntry[] {
  return [
    {
      kind: 'registry',
      received,
      files: [{ name: 'city.yaml', text: 'version: 1\ntimezone: Asia/Shanghai\n# 新密分局' }],
    },
    reportEntry({ received }),
    reportEntry({ received, site: 'second', device: 'gate', body: '{"ts":"x","note":"进厂 🚚\\u0000"}' }),
    {
      kind: 'dead',
      received,
      reason: 'payload-not-utf8',
      detail: 'byte 3 is 0xff',
      topic: 'stackwarden/v1/a/b/report',
      payload: 'AAD/',
      encoding: 'base64',
    },
    { kind: 'tick', received },
    { kind: 'order', received, body: '{"id":"2026-R-017"}', by: '值班员' },
    { kind: 'mark', received, body: '{"site":"demo-cement"}', by: 'watch' },
    { kind: 'redrive', received, deadLetter: 'd-1', by: 'watch' },
  ];
}

export function finding(fields: Partial<Finding> = {}): Finding {
  return {
    id: 'f-1',
    rule: 'falsification.frozen',
    ruleVersion: 1,
    category: 'falsification',
    site: 'demo-cement',
    district: 'xinmi',
    subject: { outlet: 'kiln-tail', device: 'cems-1', signal: 'so2' },
    start: instant(T0),
    end: null,
    detectedAt: instant(T0 + 30 * MINUTE_MS),
    state: 'open',
    revision: 1,
    severity: 'high',
    confidence: 0.97,
    title: { zh: '数值恒定', en: 'Frozen value' },
    explanation: { zh: '30 分钟不变', en: 'the same for 30 minutes' },
    evidence: { window: 30, value: 12.3 },
    basis: [{ document: 'HJ 75-2017', clause: '12.1' }],
    ...fields,
  };
}

export function mean(fields: Partial<Mean> = {}): Mean {
  return {
    site: 'demo-cement',
    outlet: 'kiln-tail',
    device: 'cems-1',
    signal: 'nox',
    average: 'PT1H',
    start: instant(T0),
    end: instant(T0 + HOUR_MS),
    state: 'final',
    valid: true,
    parts: { valid: 60, expected: 60, unit: 'minutes' },
    mean: 88.25,
    converted: 101.5,
    o2: 9.8,
    operating: true,
    verdict: 'over',
    limit: { max: 100, source: 'DB41/1953-2020' },
    source: 'samples',
    ...fields,
  };
}

export function sample(fields: Partial<Sample> = {}): Sample {
  return {
    site: 'demo-cement',
    device: 'cems-1',
    ts: T0,
    periodMs: 0,
    received: T0 + 1_234,
    signals: ['so2', 'nox', 'o2'],
    values: [12.3, 31.4, 9.8],
    flags: 'NNM',
    revision: 0,
    ...fields,
  };
}

export function deadLetter(fields: Partial<DeadLetter> = {}): DeadLetter {
  return {
    id: 'd-1',
    received: T0,
    reason: 'site-unknown',
    detail: 'no site "x"',
    topic: 'stackwarden/v1/x/y/report',
    payload: '{"ts":"…"}',
    encoding: 'utf8',
    state: 'kept',
    ...fields,
  };
}

export function order(fields: Partial<StoredOrder['order']> = {}): StoredOrder {
  return {
    order: { id: '2026-R-017', kind: 'shutdown', from: instant(T0), scope: { sites: ['demo-cement'] }, ...fields },
    enteredAt: T0,
    by: 'operator',
  };
}

export function mark(fields: Partial<StoredMark> = {}): StoredMark {
  return {
    id: 'demo-cement/kiln-tail/start-up/1',
    mark: { site: 'demo-cement', outlet: 'kiln-tail', state: 'start-up', from: instant(T0) },
    declaredAt: T0,
    accepted: false,
    by: 'device',
    ...fields,
  };
}

export function rule(id: string): RuleEntry {
  const text = { zh: id, en: id };
  return {
    id,
    version: 1,
    category: 'exceedance',
    title: text,
    summary: text,
    severities: ['high'],
    basis: [],
    parameters: [],
    limits: [],
  };
}

/** A commit of nothing but the given. */
export function commit(fields: Partial<DetectionCommit> = {}): DetectionCommit {
  return {
    nextOffset: 0,
    findings: [],
    means: [],
    samples: [],
    deadLetters: [],
    orders: [],
    marks: [],
    state: [],
    counts: {},
    ...fields,
  };
}
