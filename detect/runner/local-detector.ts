/**
 * The detector beside its store, in one thread: a slice of the log at a time, everything that came of it committed
 * together with the offset. After a crash the sites are read again from their last saved state; what that makes a
 * second time is the same and is not written again.
 */
import type { LogRecord } from '../../contracts/log-record.ts';
import type { DetectionCommit } from '../../contracts/ports/detection-store.ts';
import { DAY_MS } from '../../contracts/time/instant.ts';
import type { Outputs } from '../core/outputs.ts';
import { createEngine } from '../core/engine.ts';
import { expectKnownFormat } from '../core/state-format.ts';
import type { RewindDue } from './by-site.ts';
import { unpackText } from './packed-text.ts';
import { createRunning, noteUnstored, snapshotText, type LocalStore, type Running } from './running-detector.ts';
import { driveNow, MOST_AT_ONCE, readAgain, runSlice, type Sliced } from './slice.ts';
import { FORMAT, REPLAY_FROM, SHARED, sitesToSave, stateEntries, toCommit } from './to-commit.ts';

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
const FIRST_AT_ONCE = 250;
const SAVE_AFTER = 150_000;
const SLICE_MS = 20;
/** The log is not kept for the rewinds of a site that was silent for longer. */
const HEARD_MS = 8 * DAY_MS;

interface Local {
  readonly running: Running;
  readonly store: LocalStore;
}

function answer({ running, store }: Local, { request, beforeOffset }: RewindDue): void {
  const { site, base } = request;
  if (base.offset < store.log.bounds().first) {
    running.engine.forgo(request, store.log.readSite(site, store.log.bounds().first, beforeOffset));
    return;
  }
  const snapshot = snapshotText(running, base.key, () => stateEntry(store, base.key));
  running.engine.rewind(request, snapshot, store.log.readSite(site, base.offset, beforeOffset));
}

function catchUp(local: Local, from: number): void {
  const { running, store } = local;
  let at = from;
  while (at < running.next) {
    const records = store.log.read(at, Math.min(MOST_AT_ONCE, running.next - at));
    const last = records.at(-1);
    if (last === undefined) break;
    driveNow(readAgain(running, records), (due) => {
      answer(local, due);
    });
    at = last.offset + 1;
  }
  noteUnstored(running, (key) => stateEntry(store, key) !== undefined);
}

function stateEntry(store: LocalStore, key: string): string | undefined {
  return store.detection.readState(key).find((entry) => entry.key === key)?.value;
}

/** @throws ConfigError of states that a newer version saved, the snapshots that no rewind asks for yet among them */
function load(local: Local, options: LocalDetectorOptions): void {
  const { running, store } = local;
  const { detection } = store;
  expectKnownFormat({ format: Number(stateEntry(store, FORMAT) ?? 0) }, 'the saved state of the detector');
  running.next = detection.nextOffset();
  const shared = stateEntry(store, SHARED);
  if (shared === undefined) return;
  const sites = detection.readState('site/').map(({ key, value }) => {
    const cut = value.indexOf('\n');
    const site = key.slice('site/'.length);
    running.savedAt.set(site, Number(value.slice(0, cut)));
    return { site, text: unpackText(value.slice(cut + 1)) };
  });
  running.engine.load(shared, sites);
  options.onRegistry?.((JSON.parse(shared) as { registryFiles: { name: string; text: string }[] }).registryFiles);
  catchUp(local, Math.min(running.next, Number(stateEntry(store, REPLAY_FROM) ?? running.next)));
}

/** One slice: a batch of records, or less where a record changes what holds for everybody. */
function takeSlice(local: Local, records: readonly LogRecord[], { onRegistry }: LocalDetectorOptions): Sliced {
  const sliced = driveNow(runSlice(local.running, records), (due) => {
    answer(local, due);
  });
  const last = records.find(({ offset }) => offset === local.running.next - 1);
  if (last?.kind === 'registry') onRegistry?.(last.files);
  return sliced;
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
  const running = createRunning(createEngine());
  const local: Local = { running, store };
  const saveAfter = options.saveAfter ?? SAVE_AFTER;
  const sliceMs = options.sliceMs ?? SLICE_MS;
  let reading = FIRST_AT_ONCE;
  let isFirst = true;
  /** A commit that failed: it is tried again before anything else is read. */
  let unwritten: DetectionCommit | undefined;
  load(local, options);

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
      const { outputs, isShared } = takeSlice(local, records, options);
      if (records.length === reading) reading = nextReading(reading, performance.now() - begin, sliceMs);
      commitSlice(outputs, isShared);
      return true;
    },
    neededFrom: () => neededFrom(running),
    close() {
      if (unwritten !== undefined) write(unwritten);
      if (running.engine.dirty().size > 0) commitSlice(running.engine.collect(), true);
    },
  };
}
