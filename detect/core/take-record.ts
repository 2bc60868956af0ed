/** Records of the log, one kind after the other, as they change the engine. */
import { readReport } from '../../contracts/check-report.ts';
import { InvariantError, type Rejection } from '../../contracts/errors.ts';
import type { LogRecord, ReportRecord } from '../../contracts/log-record.ts';
import type { CheckedReport } from '../../contracts/report-reading.ts';
import type { Registry } from '../../contracts/registry/registry.ts';
import { describeMark } from './declared-mark.ts';
import { planOf, siteRuntime, touch, type EngineState } from './engine-state.ts';
import { count } from './outputs.ts';
import { enterMark, enterOrder, marksInForce, ordersInForce, registryOf, sitePrint } from './registry-changes.ts';
import { arrive, noteLate } from './site-arrivals.ts';
import { replan } from './site-runtime.ts';
import { toStreamReport } from './stream-report.ts';
import { boundaryPlace, STREAM_START } from './stream-order.ts';

export function putDeadLetter(state: EngineState, record: ReportRecord & { offset: number }, error: Rejection): void {
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

function takeReport(
  state: EngineState,
  record: ReportRecord & { offset: number },
  checked: CheckedReport | undefined,
): void {
  count(state.outputs, 'received');
  if (state.registry === undefined) {
    putDeadLetter(state, record, {
      reason: 'site-unknown',
      detail: 'there is no registry yet; import one and send the report again',
    });
    return;
  }
  let report = checked;
  if (report === undefined) {
    const result = readReport(record.body, record.site, record.device, state.registry);
    if (!result.ok) {
      putDeadLetter(state, record, result.error);
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
export function replanAll(
  state: EngineState,
  cause: 'registry' | 'order' | 'mark',
  changed: (site: string) => number | undefined,
): void {
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

function takeRegistry(state: EngineState, record: Extract<LogRecord, { kind: 'registry' }>): void {
  const registry = registryOf(record, state.outputs);
  if (registry === undefined) return;
  const before = state.registry;
  const fixed = (value: Registry | undefined): string =>
    JSON.stringify([value?.orders, value?.marks, value?.time.timezone]);
  const isShared = fixed(before) !== fixed(registry);
  state.registry = registry;
  state.registryFiles = record.files;
  state.registryDigest = record.digest;
  replanAll(state, 'registry', (site) => {
    const facts = registry.sites.get(site);
    const print = facts === undefined ? '' : sitePrint(facts);
    const old = before?.sites.get(site);
    const isChanged = isShared || old === undefined || sitePrint(old) !== print;
    return isChanged ? Number.NEGATIVE_INFINITY : undefined;
  });
}

function takeEntered(state: EngineState, record: Extract<LogRecord, { kind: 'order' | 'mark' }>): void {
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

/**
 * The receiver was away: how long the devices were silent meanwhile, nobody knows. What was heard later stays so: a
 * detector that goes on reads records again that are part of some sites' saved states.
 */
function forgiveSilence(state: EngineState, at: number): void {
  for (const runtime of state.sites.values()) {
    for (const device of Object.values(runtime.arrival.devices))
      if (device.silentFrom !== null) device.silentFrom = Math.max(device.silentFrom, at);
    if (runtime.arrival.firstHeard !== null) runtime.arrival.firstHeard = Math.max(runtime.arrival.firstHeard, at);
    runtime.devicesDue = undefined;
    touch(state, runtime);
  }
}

/** @param checked the report already decoded, where the caller has it */
export function takeRecord(state: EngineState, record: LogRecord, checked: CheckedReport | undefined): void {
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
      if (record.restarted === true) forgiveSilence(state, record.received);
  }
}
