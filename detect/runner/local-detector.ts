/**
 * The detector beside its store, in one thread: a slice of the log at a time, everything that came of it committed
 * together with the offset. After a crash the sites are read again from their last saved state; what that makes a
 * second time is the same and is not written again.
 */
import type { LogRecord } from '../../contracts/log-record.ts';
import type { DetectionCommit } from '../../contracts/ports/detection-store.ts';
import { DAY_MS } from '../../contracts/time/instant.ts';
import { createEngine } from '../core/engine.ts';
import type { Outputs } from '../core/outputs.ts';
import type { RewindRequest } from '../core/rewind.ts';
import { expectKnownFormat } from '../core/state-format.ts';
import { createStretch, isBarrier } from './by-site.ts';
import { unpackText } from './packed-text.ts';
import { createRunning, keepSnapshots, snapshotText, type LocalStore, type Running } from './running-detector.ts';
import { FORMAT, merge, REPLAY_FROM, SHARED, sitesToSave, stateEntries, toCommit } from './to-commit.ts';

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
  /** First offset that a restart or a rewind would read: the log has to be kept from there on. */
  neededFrom(): number;
  /** Saves every site, so that the next start reads nothing again. */
  close(): void;
}

const FEWEST_AT_ONCE = 100;
const MOST_AT_ONCE = 4_000;
const FIRST_AT_ONCE = 250;
const SAVE_AFTER = 150_000;
const SLICE_MS = 20;
/** The log is not kept for the rewinds of a site that was silent for longer. */
const HEARD_MS = 8 * DAY_MS;

function answer(running: Running, request: RewindRequest, before: number, gather: () => void): void {
  gather();
  const { log } = running.store;
  const { first } = log.bounds();
  if (request.base.offset < first) {
    running.engine.forgo(request, log.readSite(request.site, first, before));
    return;
  }
  const records = log.readSite(request.site, request.base.offset, before);
  running.engine.rewind(request, snapshotText(running, request.base.key), records);
}

interface Slice {
  /** Hands over what was made so far, before a rewind reads it back. */
  readonly gather: () => void;
}

/**
 * The records of one read, up to the first that changes what holds for every site; a restart is read before what falls
 * due up to it, for it forgives silence.
 * @returns how many were taken
 */
function takeSlice(running: Running, records: readonly LogRecord[], { gather }: Slice): number {
  const { engine } = running;
  const stretch = createStretch({
    engine,
    answer: (request, before) => {
      answer(running, request, before, gather);
    },
    admits: (record) => {
      const savedAt = running.savedAt.get(record.site);
      if (savedAt === undefined) running.hasUnsaved = true;
      return savedAt === undefined || savedAt <= record.offset;
    },
  });
  let now = Number.NEGATIVE_INFINITY;
  let taken = 0;
  for (const record of records) {
    const isRestart = record.kind === 'tick' && record.restarted === true;
    if (isBarrier(record)) stretch.flush(isRestart ? now : record.received, record.offset);
    now = record.received;
    taken += 1;
    if (record.kind === 'report') stretch.add(record);
    else engine.take(record);
    if (isShared(record)) break;
  }
  const last = records[taken - 1];
  if (last !== undefined) stretch.flush(now, last.offset + 1);
  return taken;
}

function isShared(record: LogRecord): boolean {
  return record.kind === 'registry' || record.kind === 'order' || record.kind === 'mark';
}

/** Reads again what the saved states do not include; what comes of it is stored already. */
function catchUp(running: Running, from: number): void {
  const gather = (): void => {
    keepSnapshots(running, running.engine.collect());
  };
  let at = from;
  while (at < running.next) {
    const records = running.store.log.read(at, Math.min(MOST_AT_ONCE, running.next - at));
    const last = records.at(-1);
    if (last === undefined) break;
    // What was entered is part of the saved state already.
    const own = records.filter((record) => !isShared(record));
    takeSlice(running, own, { gather });
    at = last.offset + 1;
    gather();
  }
}

function stateEntry({ store }: Running, key: string): string | undefined {
  return store.detection.readState(key).find((entry) => entry.key === key)?.value;
}

/** @throws ConfigError of states that a newer version saved, the snapshots that no rewind asks for yet among them */
function load(running: Running, options: LocalDetectorOptions): void {
  const { detection } = running.store;
  expectKnownFormat({ format: Number(stateEntry(running, FORMAT) ?? 0) }, 'the saved state of the detector');
  running.next = detection.nextOffset();
  const shared = stateEntry(running, SHARED);
  if (shared === undefined) return;
  const sites = detection.readState('site/').map(({ key, value }) => {
    const cut = value.indexOf('\n');
    const site = key.slice('site/'.length);
    running.savedAt.set(site, Number(value.slice(0, cut)));
    return { site, text: unpackText(value.slice(cut + 1)) };
  });
  running.engine.load(shared, sites);
  options.onRegistry?.((JSON.parse(shared) as { registryFiles: { name: string; text: string }[] }).registryFiles);
  catchUp(running, Math.min(running.next, Number(stateEntry(running, REPLAY_FROM) ?? running.next)));
}

/** One slice: a batch of records, or less where a record changes what holds for everybody. */
function runSlice(
  running: Running,
  records: readonly LogRecord[],
  options: LocalDetectorOptions,
): { outputs: Outputs; barrier: boolean } {
  let outputs: Outputs | undefined;
  const gather = (): Outputs => {
    const more = running.engine.collect();
    keepSnapshots(running, more);
    outputs = merge(outputs, more);
    return outputs;
  };
  const taken = takeSlice(running, records, { gather });
  const last = records[taken - 1];
  if (last !== undefined) running.next = last.offset + 1;
  if (last?.kind === 'registry') options.onRegistry?.(last.files);
  return { outputs: gather(), barrier: last !== undefined && isShared(last) };
}

/** How much is read for the next slice, so that it takes about as long as it may. */
function nextReading(reading: number, tookMs: number, sliceMs: number): number {
  const fitting = Math.round((reading * sliceMs) / Math.max(tookMs, 0.1));
  return Math.min(MOST_AT_ONCE, Math.max(FEWEST_AT_ONCE, Math.min(2 * reading, fitting)));
}

function neededFrom({ engine, next }: Running): number {
  let from = Math.min(next, engine.oldestBase(engine.clock() - HEARD_MS));
  for (const since of engine.dirty().values()) from = Math.min(from, since);
  return from;
}

export function createLocalDetector(store: LocalStore, options: LocalDetectorOptions = {}): LocalDetector {
  const running = createRunning(createEngine(), store);
  const saveAfter = options.saveAfter ?? SAVE_AFTER;
  const sliceMs = options.sliceMs ?? SLICE_MS;
  let reading = FIRST_AT_ONCE;
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
      const records = store.log.read(running.next, reading);
      if (records.length === 0) return false;
      const begin = performance.now();
      const { outputs, barrier } = runSlice(running, records, options);
      if (records.length === reading) reading = nextReading(reading, performance.now() - begin, sliceMs);
      commitSlice(outputs, barrier);
      return true;
    },
    neededFrom: () => neededFrom(running),
    close() {
      if (unwritten !== undefined) write(unwritten);
      if (running.engine.dirty().size > 0) commitSlice(running.engine.collect(), true);
    },
  };
}
