/**
 * The detector: records of the log in, findings, means and rows out. Pure: its only clock is the receive time in the
 * records, so the same log gives the same bytes.
 *
 * Before each record ask {@link Engine.due} until it says undefined: what fell due in between is done then, and where
 * a site has to be rewound the caller brings its snapshot and its reports.
 */
import { readReport } from '../../contracts/check-report.ts';
import { InvariantError, type Rejection } from '../../contracts/errors.ts';
import type { LogRecord, ReportRecord } from '../../contracts/log-record.ts';
import type { CheckedReport } from '../../contracts/report-reading.ts';
import type { Mark, Order } from '../../contracts/order.ts';
import { readRegistry } from '../../contracts/registry/read-registry.ts';
import type { Registry } from '../../contracts/registry/registry.ts';
import { createOutputs, count, drain, type Outputs } from './outputs.ts';
import { enterMark, enterOrder, initialEntered, marksInForce, ordersInForce, registryOf, sitePrint, type Entered } from './registry-changes.ts';
import { requestRewind, rewind, type RewindRequest } from './rewind.ts';
import { planSite, type SitePlan } from './site-plan.ts';
import { admit, arrive, nextWake, noteLate, readHeld, takeQuarantined, wake } from './site-arrivals.ts';
import { createRuntime, loadRuntime, PATIENCE, replan, saveRuntime, type Patience, type SiteRuntime } from './site-runtime.ts';
import { boundaryPlace, STREAM_START } from './stream-order.ts';
import { toStreamReport } from './stream-report.ts';
import { createTimerHeap } from './timer-heap.ts';
import { describeMark } from './declared-mark.ts';

export interface Engine {
  /** Does what fell due before `now`; a request has to be answered with `rewind` before asking again. */
  due(now: number): RewindRequest | undefined;
  rewind(request: RewindRequest, snapshot: string | undefined, records: readonly LogRecord[]): void;
  /** The next record. `checked`: the report already decoded, where the caller has it. */
  take(record: LogRecord, checked?: CheckedReport): void;
  /** At the end of a replay: everything held is read; then ask `dueNow` for the rewinds that are left. */
  finish(): void;
  dueNow(): RewindRequest | undefined;
  /** Hands over what was made since the last call. */
  collect(): Outputs;
  /** When something will fall due without a record. */
  nextAt(): number | undefined;
  readonly clock: () => number;
  registry(): Registry | undefined;
  /** Sites whose state changed since they were last saved, with the offset from which they have to be read again. */
  dirty(): ReadonlyMap<string, number>;
  save(site: string): string;
  saveShared(): string;
  load(shared: string, sites: readonly { readonly site: string; readonly text: string }[]): void;
}

interface State {
  readonly patience: Patience;
  registry: Registry | undefined;
  registryFiles: readonly { readonly name: string; readonly text: string }[];
  entered: Entered;
  orders: readonly Order[];
  marks: readonly Mark[];
  readonly sites: Map<string, SiteRuntime>;
  readonly timers: ReturnType<typeof createTimerHeap>;
  readonly dirty: Map<string, number>;
  readonly outputs: Outputs;
  clock: number;
  offset: number;
}

function planOf(state: State, site: string): SitePlan | undefined {
  const { registry } = state;
  const found = registry?.sites.get(site);
  return registry === undefined || found === undefined ? undefined : planSite(found, registry, state.orders, state.marks);
}

function siteRuntime(state: State, id: string): SiteRuntime | undefined {
  const known = state.sites.get(id);
  if (known !== undefined) return known;
  const plan = planOf(state, id);
  if (plan === undefined || state.registry === undefined) return undefined;
  const runtime = createRuntime({ plan, registry: state.registry, patience: state.patience, outputs: state.outputs });
  state.sites.set(id, runtime);
  return runtime;
}

function touch(state: State, runtime: SiteRuntime): void {
  if (!state.dirty.has(runtime.id)) state.dirty.set(runtime.id, state.offset);
  const next = nextWake(runtime);
  if (next !== undefined) state.timers.set(runtime.id, next);
}

function deadLetter(state: State, record: ReportRecord & { offset: number }, error: Rejection): void {
  state.outputs.deadLetters.push({
    id: `dl-${String(record.offset)}`,
    received: record.received,
    reason: error.reason,
    detail: error.detail,
    topic: `stackwarden/v1/${record.site}/${record.device}/report`,
    payload: record.body,
    encoding: 'utf8',
    state: 'kept',
  });
  count(state.outputs, 'dead_letters');
}

function takeReport(state: State, record: ReportRecord & { offset: number }, checked: CheckedReport | undefined): void {
  count(state.outputs, 'received');
  if (state.registry === undefined) {
    deadLetter(state, record, { reason: 'site-unknown', detail: 'there is no registry yet; import one and send the report again' });
    return;
  }
  let report = checked;
  if (report === undefined) {
    const result = readReport(record.body, record.site, record.device, state.registry);
    if (!result.ok) {
      deadLetter(state, record, result.error);
      return;
    }
    report = result.value;
  }
  const runtime = siteRuntime(state, record.site);
  if (runtime === undefined) throw new InvariantError(`site ${record.site} passed the check but has no plan`);
  runtime.now = record.received;
  runtime.offset = record.offset;
  if (report.mark !== undefined) state.outputs.marks.push(describeMark(report, record.received, state.registry.time));
  arrive(runtime, toStreamReport(report, record.offset, record.received), record.body);
  touch(state, runtime);
}

/** Every site gets its new plan; those whose facts changed are read again as far back as their snapshots reach. */
function replanAll(state: State, cause: 'registry' | 'order' | 'mark', changed: (site: string) => number | undefined): void {
  const { registry } = state;
  if (registry === undefined) return;
  state.orders = ordersInForce(registry, state.entered);
  state.marks = marksInForce(registry, state.entered);
  for (const runtime of state.sites.values()) {
    const plan = planOf(state, runtime.id);
    if (plan === undefined) continue;
    replan(runtime, plan, registry);
    const from = changed(runtime.id);
    if (from === undefined) continue;
    runtime.now = state.clock;
    noteLate(runtime, from === Number.NEGATIVE_INFINITY ? STREAM_START : boundaryPlace(from), cause);
    touch(state, runtime);
  }
}

function takeRegistry(state: State, record: Extract<LogRecord, { kind: 'registry' }>): void {
  const registry = registryOf(record, state.outputs);
  if (registry === undefined) return;
  const before = state.registry;
  const fixed = (value: Registry | undefined): string => JSON.stringify([value?.orders.map(String), value?.orders, value?.marks, value?.time.timezone]);
  const isShared = fixed(before) !== fixed(registry);
  state.registry = registry;
  state.registryFiles = record.files;
  replanAll(state, 'registry', (site) => {
    const facts = registry.sites.get(site);
    const print = facts === undefined ? '' : sitePrint(facts);
    const old = before?.sites.get(site);
    const isChanged = isShared || old === undefined || sitePrint(old) !== print;
    return isChanged ? Number.NEGATIVE_INFINITY : undefined;
  });
}

function takeEntered(state: State, record: Extract<LogRecord, { kind: 'order' | 'mark' }>): void {
  if (state.registry === undefined) return;
  if (record.kind === 'mark') {
    const mark = enterMark(state.entered, record, state.outputs);
    if (mark === undefined) return;
    replanAll(state, 'mark', (site) => (site === mark.site ? Number.NEGATIVE_INFINITY : undefined));
    return;
  }
  const before = state.orders;
  const order = enterOrder(state.entered, record, state.outputs);
  if (order === undefined) return;
  const resolved = ordersInForce(state.registry, state.entered).find((candidate) => candidate.id === order.id);
  const old = before.find((candidate) => candidate.id === order.id);
  const from = Math.min(resolved?.fromAt ?? Number.POSITIVE_INFINITY, old?.fromAt ?? Number.POSITIVE_INFINITY);
  replanAll(state, 'order', (site) => {
    const runtime = state.sites.get(site);
    const isReached = runtime?.plan.orders.some((candidate) => candidate.id === order.id) ?? false;
    // An order that begins after what is read changes nothing that was found.
    return isReached && from < (runtime?.event.place.at ?? 0) ? Number.NEGATIVE_INFINITY : undefined;
  });
}

function takeRecord(state: State, record: LogRecord, checked: CheckedReport | undefined): void {
  switch (record.kind) {
    case 'report':
      takeReport(state, record, checked);
      return;
    case 'dead':
      count(state.outputs, 'received');
      count(state.outputs, 'dead_letters');
      state.outputs.deadLetters.push({
        id: `dl-${String(record.offset)}`,
        received: record.received,
        reason: record.reason,
        detail: record.detail,
        topic: record.topic,
        payload: record.payload,
        encoding: record.encoding,
        state: 'kept',
      });
      return;
    case 'registry':
      takeRegistry(state, record);
      return;
    case 'order':
    case 'mark':
      takeEntered(state, record);
      return;
    case 'redrive':
      state.outputs.redriven.push(record.deadLetter);
      return;
    case 'tick':
  }
}

/** Quarantined reports whose time has come are taken in, marked. */
function release(state: State, runtime: SiteRuntime, due: number): void {
  for (const entry of takeQuarantined(runtime, due)) {
    const result = readReport(entry.body, runtime.id, entry.device, runtime.registry);
    Reflect.deleteProperty(runtime.arrival.exceptions, String(entry.offset));
    count(state.outputs, 'quarantined', -1);
    state.outputs.deadLetters.push({
      id: `dl-${String(entry.offset)}`,
      received: entry.received,
      reason: 'clock-future',
      detail: 'its time had not come when it was received; it was taken in when it had, marked clock-suspect',
      topic: `stackwarden/v1/${runtime.id}/${entry.device}/report`,
      payload: entry.body,
      encoding: 'utf8',
      state: 'taken-in',
    });
    if (!result.ok) continue;
    const offset = runtime.offset;
    runtime.offset = entry.offset;
    admit(runtime, toStreamReport(result.value, entry.offset, due));
    runtime.offset = offset;
  }
}

function due(state: State, now: number): RewindRequest | undefined {
  for (let id = state.timers.takeDue(now); id !== undefined; id = state.timers.takeDue(now)) {
    const runtime = state.sites.get(id);
    const at = runtime === undefined ? undefined : nextWake(runtime);
    if (runtime === undefined || at === undefined) continue;
    if (at >= now) {
      state.timers.set(id, at);
      continue;
    }
    runtime.now = Math.max(runtime.now, at);
    runtime.offset = Math.max(runtime.offset, state.offset);
    release(state, runtime, at);
    wake(runtime, at);
    const { late } = runtime.arrival;
    const request = late !== null && late.since + state.patience.gatherMs <= at ? requestRewind(runtime) : undefined;
    if (request !== undefined) return request;
    touch(state, runtime);
  }
  return undefined;
}

function createState(patience: Patience, wantsSamples: boolean): State {
  return {
    patience,
    registry: undefined,
    registryFiles: [],
    entered: initialEntered(),
    orders: [],
    marks: [],
    sites: new Map(),
    timers: createTimerHeap(),
    dirty: new Map(),
    outputs: createOutputs(wantsSamples),
    clock: Number.NEGATIVE_INFINITY,
    offset: 0,
  };
}

interface SavedShared {
  readonly registryFiles: State['registryFiles'];
  readonly entered: Entered;
  readonly clock: number;
}

function load(state: State, shared: string, sites: readonly { readonly site: string; readonly text: string }[]): void {
  const saved = JSON.parse(shared) as SavedShared;
  state.clock = saved.clock;
  state.entered = saved.entered;
  state.registryFiles = saved.registryFiles;
  state.registry = saved.registryFiles.length === 0 ? undefined : readRegistry(saved.registryFiles).registry;
  replanAll(state, 'registry', () => undefined);
  for (const { site, text } of sites) {
    const runtime = siteRuntime(state, site);
    if (runtime === undefined) continue;
    loadRuntime(runtime, text);
    const next = nextWake(runtime);
    if (next !== undefined) state.timers.set(site, next);
  }
}

/** Everything held is read and every rewind is due, as if no more were to come. */
function finish(state: State): void {
  for (const runtime of state.sites.values()) {
    readHeld(runtime, Number.POSITIVE_INFINITY);
    touch(state, runtime);
  }
}

function firstRewind(state: State): RewindRequest | undefined {
  for (const runtime of state.sites.values()) {
    const request = requestRewind(runtime);
    if (request !== undefined) return request;
  }
  return undefined;
}

export interface EngineOptions {
  readonly patience?: Patience;
  /** Whether rows of the reports are gathered; a replay needs none. */
  readonly wantsSamples?: boolean;
}

export function createEngine(options: EngineOptions = {}): Engine {
  const state = createState(options.patience ?? PATIENCE, options.wantsSamples ?? true);
  return {
    due: (now) => due(state, now),
    rewind(request, snapshot, records) {
      const runtime = state.sites.get(request.site);
      if (runtime === undefined) throw new InvariantError(`a rewind of site ${request.site}, which is not known`);
      rewind(runtime, request, snapshot, records);
      touch(state, runtime);
    },
    take(record, checked) {
      state.offset = record.offset;
      if (record.received > state.clock) state.clock = record.received;
      takeRecord(state, record, checked);
      state.offset = record.offset + 1;
    },
    finish: () => {
      finish(state);
    },
    dueNow: () => firstRewind(state),
    collect: () => drain(state.outputs),
    nextAt: () => state.timers.nextAt(),
    clock: () => state.clock,
    registry: () => state.registry,
    dirty: () => state.dirty,
    save(site) {
      const runtime = state.sites.get(site);
      if (runtime === undefined) throw new InvariantError(`site ${site} was to be saved and is not known`);
      state.dirty.delete(site);
      return saveRuntime(runtime);
    },
    saveShared: () => JSON.stringify({ registryFiles: state.registryFiles, entered: state.entered, clock: state.clock } satisfies SavedShared),
    load: (shared, sites) => {
      load(state, shared, sites);
    },
  };
}
