/**
 * The detector beside its store, in one thread: a slice of the log at a time, everything that came of it committed
 * together with the offset. After a crash the sites are read again from their last saved state; what that makes a
 * second time is the same and is not written again.
 */
import { InvariantError } from '../../contracts/errors.ts';
import type { LogRecord } from '../../contracts/log-record.ts';
import type { DetectionCommit } from '../../contracts/ports/detection-store.ts';
import { createEngine, type Engine } from '../core/engine.ts';
import type { Outputs } from '../core/outputs.ts';
import type { RewindRequest } from '../core/rewind.ts';
import { toMean } from '../core/scribe.ts';
import { toFinding } from '../findings/to-finding.ts';
import { RULES } from '../rules/index.ts';
import { toRuleEntry } from '../rules/rule.ts';
import { packText, unpackText } from './packed-text.ts';

/** The two ports as the thread that owns the store has them: synchronous. */
export interface LocalStore {
  readonly log: {
    read(fromOffset: number, limit: number): readonly LogRecord[];
    readSite(site: string, fromOffset: number, toOffset: number): readonly LogRecord[];
  };
  readonly detection: {
    commit(batch: DetectionCommit): void;
    nextOffset(): number;
    readState(prefix: string): readonly { readonly key: string; readonly value: string }[];
  };
}

export interface LocalDetectorOptions {
  /** Log entries after which a changed site is saved: bounds what a restart reads again. */
  readonly saveAfter?: number;
  /** Longest slice in ms of the process clock; the default keeps acknowledgements quick. */
  readonly sliceMs?: number;
  readonly onRegistry?: (files: readonly { readonly name: string; readonly text: string }[]) => void;
  /** When something falls due without a record, for whoever appends the ticks. */
  readonly onNextDue?: (at: number | undefined) => void;
}

export interface LocalDetector {
  /** One slice; true where more is waiting. */
  step(): boolean;
  /** First offset that a restart would read: the log has to be kept from there on. */
  neededFrom(): number;
  /** Saves every site, so that the next start reads nothing again. */
  close(): void;
}

const READ_AT_ONCE = 250;
const SAVE_AFTER = 150_000;
const SLICE_MS = 20;
const SHARED = 'shared';
const REPLAY_FROM = 'replay-from';

interface Running {
  readonly engine: Engine;
  readonly store: LocalStore;
  /** Snapshots of this slice that are not stored yet. */
  readonly fresh: Map<string, string>;
  /** Snapshots that were let go: deleted once the site is saved, for a restart may still need them. */
  readonly letGo: Map<string, string[]>;
  /** Offset up to which each site's saved state includes the log. */
  readonly savedAt: Map<string, number>;
  next: number;
}

function siteOfKey(key: string): string {
  return key.split('/')[1] ?? '';
}

function snapshotText(running: Running, key: string): string | undefined {
  if (key === '') return undefined;
  const fresh = running.fresh.get(key);
  if (fresh !== undefined) return fresh;
  const stored = running.store.detection.readState(key).find((entry) => entry.key === key);
  if (stored === undefined) throw new InvariantError(`the snapshot ${key} is gone although a rewind may need it`);
  return unpackText(stored.value);
}

/** Takes the snapshots over; what was made meanwhile stays in the outputs' other lists. */
function keepSnapshots(running: Running, outputs: Outputs): void {
  for (const [key, text] of outputs.snapshots) {
    if (text !== null) running.fresh.set(key, text);
    else {
      const site = siteOfKey(key);
      running.letGo.set(site, [...(running.letGo.get(site) ?? []), key]);
    }
  }
}

function answer(running: Running, request: RewindRequest, before: number, gather: () => void): void {
  gather();
  const records = running.store.log.readSite(request.site, request.base.offset, before);
  running.engine.rewind(request, snapshotText(running, request.base.key), records);
}

/** What fell due before the record, then the record; a restart is read first, for it forgives silence. */
function takeNext(running: Running, record: LogRecord, gather: () => void): void {
  const { engine } = running;
  const isRestart = record.kind === 'tick' && record.restarted === true;
  if (isRestart) engine.take(record);
  for (let request = engine.due(record.received); request !== undefined; request = engine.due(record.received)) {
    answer(running, request, record.offset, gather);
  }
  const isIncluded = record.kind === 'report' && (running.savedAt.get(record.site) ?? 0) > record.offset;
  if (!isRestart && !isIncluded) engine.take(record);
}

function isShared(record: LogRecord): boolean {
  return record.kind === 'registry' || record.kind === 'order' || record.kind === 'mark';
}

function merge(into: Outputs | undefined, more: Outputs): Outputs {
  if (into === undefined) return more;
  const counts = { ...into.counts };
  for (const [name, value] of Object.entries(more.counts)) counts[name] = (counts[name] ?? 0) + value;
  return {
    findings: [...into.findings, ...more.findings],
    means: [...into.means, ...more.means],
    samples: [...into.samples, ...more.samples],
    wantsSamples: into.wantsSamples,
    deadLetters: [...into.deadLetters, ...more.deadLetters],
    redriven: [...into.redriven, ...more.redriven],
    orders: [...into.orders, ...more.orders],
    marks: [...into.marks, ...more.marks],
    snapshots: new Map([...into.snapshots, ...more.snapshots]),
    counts,
  };
}

/** Sites whose state has to be written with this commit. */
function sitesToSave(running: Running, saveAfter: number, all: boolean): readonly string[] {
  const due: string[] = [];
  for (const [site, since] of running.engine.dirty()) {
    if (all || !running.savedAt.has(site) || running.next - since >= saveAfter) due.push(site);
  }
  return due;
}

function stateEntries(
  running: Running,
  outputs: Outputs,
  saves: readonly string[],
  withShared: boolean,
): DetectionCommit['state'] {
  const state: { key: string; value: string | null }[] = [];
  for (const [key, text] of outputs.snapshots) if (text !== null) state.push({ key, value: packText(text) });
  for (const site of saves) {
    state.push({ key: `site/${site}`, value: `${String(running.next)}\n${packText(running.engine.save(site))}` });
    for (const key of running.letGo.get(site) ?? []) state.push({ key, value: null });
    running.letGo.delete(site);
    running.savedAt.set(site, running.next);
  }
  if (withShared) state.push({ key: SHARED, value: running.engine.saveShared() });
  let from = running.next;
  for (const since of running.engine.dirty().values()) from = Math.min(from, since);
  state.push({ key: REPLAY_FROM, value: String(from) });
  return state;
}

function toCommit(
  running: Running,
  outputs: Outputs,
  state: DetectionCommit['state'],
  isFirst: boolean,
): DetectionCommit {
  const time = running.engine.registry()?.time;
  const { findings, means, samples, deadLetters, redriven, orders, marks } = outputs;
  return {
    nextOffset: running.next,
    findings: time === undefined ? [] : findings.map((note) => toFinding(note, time)),
    means:
      time === undefined
        ? []
        : means.map((note) => toMean(note, time, note.again ? 'revised' : note.isFinal ? 'final' : 'provisional')),
    samples,
    deadLetters,
    redriven,
    orders,
    marks,
    state,
    counts: Object.fromEntries(Object.entries(outputs.counts).filter(([, value]) => value !== 0)),
    ...(isFirst ? { rules: RULES.map(toRuleEntry) } : {}),
  };
}

/** Reads again what the saved states do not include; what comes of it is stored already. */
function catchUp(running: Running, from: number): void {
  let at = from;
  while (at < running.next) {
    const records = running.store.log.read(at, Math.min(READ_AT_ONCE, running.next - at));
    if (records.length === 0) break;
    for (const record of records) {
      const gather = (): void => {
        keepSnapshots(running, running.engine.collect());
      };
      if (!isShared(record)) takeNext(running, record, gather);
      at = record.offset + 1;
    }
    keepSnapshots(running, running.engine.collect());
  }
}

function load(running: Running, options: LocalDetectorOptions): void {
  const { detection } = running.store;
  running.next = detection.nextOffset();
  const [shared] = detection.readState(SHARED).filter((entry) => entry.key === SHARED);
  if (shared === undefined) return;
  const sites = detection.readState('site/').map(({ key, value }) => {
    const cut = value.indexOf('\n');
    const site = key.slice('site/'.length);
    running.savedAt.set(site, Number(value.slice(0, cut)));
    return { site, text: unpackText(value.slice(cut + 1)) };
  });
  running.engine.load(shared.value, sites);
  options.onRegistry?.((JSON.parse(shared.value) as { registryFiles: { name: string; text: string }[] }).registryFiles);
  const from = detection.readState(REPLAY_FROM).find((entry) => entry.key === REPLAY_FROM);
  catchUp(running, Math.min(running.next, Number(from?.value ?? running.next)));
}

/** One slice: a batch of records, or less where a record changes what holds for everybody, or time is up. */
function runSlice(
  running: Running,
  records: readonly LogRecord[],
  options: LocalDetectorOptions,
): { outputs: Outputs; barrier: boolean } {
  let outputs: Outputs | undefined;
  let barrier = false;
  const gather = (): Outputs => {
    const more = running.engine.collect();
    keepSnapshots(running, more);
    outputs = merge(outputs, more);
    return outputs;
  };
  const end = performance.now() + (options.sliceMs ?? SLICE_MS);
  for (const record of records) {
    takeNext(running, record, gather);
    running.next = record.offset + 1;
    if (record.kind === 'registry') options.onRegistry?.(record.files);
    barrier = isShared(record);
    if (barrier || performance.now() > end) break;
  }
  return { outputs: gather(), barrier };
}

export function createLocalDetector(store: LocalStore, options: LocalDetectorOptions = {}): LocalDetector {
  const running: Running = {
    engine: createEngine(),
    store,
    fresh: new Map(),
    letGo: new Map(),
    savedAt: new Map(),
    next: 0,
  };
  const saveAfter = options.saveAfter ?? SAVE_AFTER;
  let isFirst = true;
  /** A commit that failed: it is tried again before anything else is read. */
  let unwritten: DetectionCommit | undefined;
  load(running, options);

  const write = (commit: DetectionCommit): void => {
    unwritten = commit;
    store.detection.commit(commit);
    unwritten = undefined;
    isFirst = false;
    running.fresh.clear();
  };
  const commitSlice = (outputs: Outputs, barrier: boolean): void => {
    const saves = sitesToSave(running, saveAfter, barrier);
    write(toCommit(running, outputs, stateEntries(running, outputs, saves, barrier), isFirst));
    options.onNextDue?.(running.engine.nextAt());
  };
  return {
    step() {
      if (unwritten !== undefined) {
        write(unwritten);
        return true;
      }
      const records = store.log.read(running.next, READ_AT_ONCE);
      if (records.length === 0) return false;
      const { outputs, barrier } = runSlice(running, records, options);
      commitSlice(outputs, barrier);
      return true;
    },
    neededFrom: () => Math.min(running.next, ...running.engine.dirty().values()),
    close() {
      if (unwritten !== undefined) write(unwritten);
      if (running.engine.dirty().size > 0) commitSlice(running.engine.collect(), true);
    },
  };
}
