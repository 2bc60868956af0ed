/**
 * A small world to ask the API about: two districts, a site in each, and a key for every role.
 * Times are around {@link NOW}, 2026-11-22T12:00:00+08:00.
 */
import pino from 'pino';
import { createApp } from '../../api/app.ts';
import type { ApiDeps } from '../../api/deps.ts';
import { FINDING_EXAMPLE } from '../../api/resources/finding-example.ts';
import { MEAN_EXAMPLE } from '../../api/resources/mean-example.ts';
import type { Finding } from '../../contracts/finding.ts';
import type { LogEntry, LogRecord } from '../../contracts/log-record.ts';
import { ROLES } from '../../contracts/ports/credentials.ts';
import type { DeadLetter } from '../../contracts/ports/detection-store.ts';
import type { Log } from '../../contracts/ports/log.ts';
import type { ChangeEvent } from '../../contracts/ports/read-model.ts';
import { readRegistry } from '../../contracts/registry/read-registry.ts';
import type { Registry } from '../../contracts/registry/registry.ts';
import { FakeCredentials } from './fake-credentials.ts';
import { FakeReadModel } from './fake-read-model.ts';

export const NOW = Date.parse('2026-11-22T12:00:00+08:00');
export const HOUR = 3_600_000;

const SITE = (id: string, district: string, name: string) => `
  - id: ${id}
    name: ${name}
    district: ${district}
    industry: cement
    grade: B
    contacts: [{name: 值班室, phone: "0371-00000000"}]
    devices:
      - {id: cems-1, kind: cems, every: PT1M}
      - {id: m-kiln, kind: meter, every: PT1M}
      - {id: cam-1, kind: camera, every: PT1M}
    outlets:
      - id: kiln-tail
        device: cems-1
        limits: [{signal: nox, max: 100, average: PT1H, from: 2024-01-01, source: "DB41/1953-2020"}]
    lines:
      - {id: kiln-1, outlets: [kiln-tail], production: [{device: m-kiln, rated: 1200, on: 240}]}
`;

const REGISTRY_TEXT = `
version: 1
timezone: Asia/Shanghai
districts:
  - {id: xinmi, name: 新密分局}
  - {id: dengfeng, name: 登封分局}
sites:${SITE('demo-cement', 'xinmi', '示例水泥厂')}${SITE('far-cement', 'dengfeng', '远方水泥厂')}
orders:
  - {id: O-own, kind: shutdown, from: 2026-11-22, scope: {lines: [demo-cement/kiln-1]}}
  - {id: O-far, kind: shutdown, from: 2026-11-22, scope: {sites: [far-cement]}}
  - {id: O-both, kind: shutdown, from: 2026-11-22, scope: {sites: [demo-cement, far-cement]}}
marks:
  - {site: demo-cement, outlet: kiln-tail, state: start-up, from: 2026-11-22T08:00:00+08:00, to: 2026-11-22T10:00:00+08:00}
`;

function worldRegistry(): Registry {
  const { registry, problems } = readRegistry([{ name: 'world.yaml', text: REGISTRY_TEXT }]);
  if (registry === undefined) throw new Error(JSON.stringify(problems));
  return registry;
}

export class FakeLog implements Log {
  readonly entries: LogEntry[] = [];
  failure: Error | undefined;

  async append(entries: readonly LogEntry[]): Promise<number> {
    if (this.failure !== undefined) throw this.failure;
    this.entries.push(...entries);
    return this.entries.length - entries.length;
  }
  async read(): Promise<readonly LogRecord[]> {
    return [];
  }
  async readSite(): Promise<readonly LogRecord[]> {
    return [];
  }
  async bounds(): ReturnType<Log['bounds']> {
    return { first: 0, next: this.entries.length };
  }
}

export function finding(change: Partial<Finding> = {}): Finding {
  return { ...FINDING_EXAMPLE, ...change };
}

function fill(model: FakeReadModel): void {
  const far = { site: 'far-cement', district: 'dengfeng' };
  model.findingLog = [
    finding({ id: 'f-own' }),
    finding({ id: 'f-own', revision: 2, state: 'closed', end: '2026-11-22T09:00:00+08:00' }),
    finding({ id: 'f-far', ...far, rule: 'limit.hour', category: 'exceedance', severity: 'medium' }),
  ];
  model.meanList = [MEAN_EXAMPLE, { ...MEAN_EXAMPLE, site: 'far-cement' }];
  model.ruleList = [];
  for (const site of ['demo-cement', 'far-cement']) {
    const points = Array.from({ length: 240 }, (_, minute) => minute)
      // Half an hour is missing: a gap stays a gap.
      .filter((minute) => minute < 60 || minute >= 90)
      .map((minute) => ({ ts: NOW - 4 * HOUR + minute * 60_000, minute }))
      .map(({ ts, minute }) => ({
        ts,
        periodMs: 0,
        value: minute / 10,
        flag: minute === 0 ? 'M' : 'N',
        received: ts + 1_000,
        revision: 0,
      }));
    model.raw.set(`${site}/cems-1.so2`, points);
    const ts = NOW - 60_000;
    const latest = { device: 'cems-1', signal: 'so2', ts, periodMs: 0, value: 23.9, flag: 'N', received: ts + 1_000 };
    model.latestValues.set(site, [latest]);
    const mark = { site, outlet: 'kiln-tail', state: 'calibration', from: '2026-11-22T09:00:00+08:00' };
    model.markList.push({ id: `${site}-mark`, mark, declaredAt: NOW - HOUR, accepted: false, by: 'cems-1' });
    model.letters.push(letter(`d-${site}`, `stackwarden/v1/${site}/cems-1/report`));
  }
  model.letters.push({ ...letter('d-nowhere', 'something/else'), state: 'redriven' });
}

export function letter(id: string, topic: string): DeadLetter {
  const detail = 'signal `so3` is not known';
  return {
    id,
    received: NOW - HOUR,
    reason: 'signal-unknown',
    detail,
    topic,
    payload: '{"ts":1}',
    encoding: 'utf8',
    state: 'kept',
  };
}

export interface World {
  readonly deps: ApiDeps;
  readonly readModel: FakeReadModel;
  readonly log: FakeLog;
  readonly credentials: FakeCredentials;
  readonly logged: string[];
  /** Moves the clock. */
  pass(ms: number): void;
  /** Adds changes and wakes those who wait for them. */
  change(...events: Omit<ChangeEvent, 'seq'>[]): void;
  app(change?: Partial<ApiDeps>): ReturnType<typeof createApp>;
}

/** Keys are named by their role; `watch-xinmi` and the like are limited to that district. */
function addKeys(credentials: FakeCredentials): void {
  for (const role of ROLES) {
    if (role !== 'district') credentials.put(role, role);
    credentials.put(`${role}-xinmi`, role, ['xinmi']);
    credentials.put(`${role}-dengfeng`, role, ['dengfeng']);
  }
  credentials.put('district-none', 'district');
}

export function createWorld(): World {
  const readModel = new FakeReadModel();
  const log = new FakeLog();
  const credentials = new FakeCredentials();
  const logged: string[] = [];
  const wakes = new Set<() => void>();
  let at = NOW;
  fill(readModel);
  addKeys(credentials);
  credentials.devices.set('demo-cement/cems-1', {
    user: 'demo-cement/cems-1',
    grants: ['demo-cement/cems-1'],
    createdAt: NOW,
  });
  credentials.devices.set('far-cement/cems-1', {
    user: 'far-cement/cems-1',
    grants: ['far-cement/cems-1'],
    createdAt: NOW,
  });
  const registry = worldRegistry();
  const deps: ApiDeps = {
    readModel,
    log,
    credentials,
    registry: () => registry,
    importRegistry: async () => ({ ok: true, value: { version: 'next' } }),
    redrive: async () => ({ accepted: 1, rejections: [] }),
    insecure: false,
    now: () => at,
    logger: pino({ level: 'trace' }, { write: (line: string) => void logged.push(line) }),
    metricsText: async () => 'stackwarden_up 1\n',
    readiness: async () => ({ ready: true, checks: [{ name: 'storage', ok: true }] }),
    onChange: (wake) => {
      wakes.add(wake);
      return () => wakes.delete(wake);
    },
    settings: { requestsPerMinute: 100_000 },
  };
  return {
    deps,
    readModel,
    log,
    credentials,
    logged,
    pass: (ms) => {
      at += ms;
    },
    change: (...events) => {
      for (const event of events)
        readModel.changeList.push({ ...event, seq: (readModel.changeList.at(-1)?.seq ?? 0) + 1 });
      for (const wake of wakes) wake();
    },
    app: (change = {}) => createApp({ ...deps, ...change }),
  };
}
