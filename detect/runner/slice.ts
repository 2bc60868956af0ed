/**
 * A slice of the log through the engine. Written as generators that stop at each rewind: who drives them brings what a
 * rewind needs, at once from a file beside it or later from a server, and then goes on.
 */
import type { LogRecord } from '../../contracts/log-record.ts';
import type { Outputs } from '../core/outputs.ts';
import { createStretch, isBarrier, type RewindDue } from './by-site.ts';
import { keepSnapshots, type Running } from './running-detector.ts';
import { merge } from './to-commit.ts';

/** Most records that are taken at once. */
export const MOST_AT_ONCE = 4_000;

export interface Sliced {
  readonly outputs: Outputs;
  /** The last record changed what holds for every site: everything is saved with it. */
  readonly isShared: boolean;
}

export type Rewinding<T> = Generator<RewindDue, T, void>;

function isShared(record: LogRecord): boolean {
  return record.kind === 'registry' || record.kind === 'order' || record.kind === 'mark';
}

/**
 * The records of one read, up to the first that changes what holds for every site; a restart is read before what falls
 * due up to it, for it forgives silence.
 * @returns how many were taken
 */
function* takeRecords(running: Running, records: readonly LogRecord[]): Rewinding<number> {
  const { engine } = running;
  const stretch = createStretch({
    engine,
    admits: ({ site, offset }) => {
      const savedAt = running.savedAt.get(site);
      if (savedAt === undefined) running.hasUnsaved = true;
      return savedAt === undefined || savedAt <= offset;
    },
  });
  let now = Number.NEGATIVE_INFINITY;
  let taken = 0;
  for (const record of records) {
    const isRestart = record.kind === 'tick' && record.restarted === true;
    if (isBarrier(record)) yield* stretch.flush(isRestart ? now : record.received, record.offset);
    now = record.received;
    taken += 1;
    if (record.kind === 'report') stretch.add(record);
    else engine.take(record);
    if (isShared(record)) break;
  }
  const last = records[taken - 1];
  if (last !== undefined) yield* stretch.flush(now, last.offset + 1);
  return taken;
}

/** One slice: a batch of records, or less where a record changes what holds for everybody. */
export function* runSlice(running: Running, records: readonly LogRecord[]): Rewinding<Sliced> {
  let outputs: Outputs | undefined;
  const gather = (): Outputs => {
    const more = running.engine.collect();
    keepSnapshots(running, more);
    outputs = merge(outputs, more);
    return outputs;
  };
  const steps = takeRecords(running, records);
  let step = steps.next();
  for (; step.done !== true; step = steps.next()) {
    // A rewind may begin at a snapshot that was made a moment ago.
    gather();
    yield step.value;
  }
  const last = records[step.value - 1];
  if (last !== undefined) running.next = last.offset + 1;
  return { outputs: gather(), isShared: last !== undefined && isShared(last) };
}

/** Reads again what the saved states do not include; what comes of it is stored already. */
export function* readAgain(running: Running, records: readonly LogRecord[]): Rewinding<void> {
  // What was entered is part of the saved state already.
  const own = records.filter((record) => !isShared(record));
  const steps = takeRecords(running, own);
  for (let step = steps.next(); step.done !== true; step = steps.next()) {
    keepSnapshots(running, running.engine.collect());
    yield step.value;
  }
  keepSnapshots(running, running.engine.collect());
}

/** Drives a slice where everything that a rewind needs is at hand. */
export function driveNow<T>(steps: Rewinding<T>, answer: (due: RewindDue) => void): T {
  let step = steps.next();
  for (; step.done !== true; step = steps.next()) answer(step.value);
  return step.value;
}

/** Drives a slice where it has to be fetched. */
export async function drive<T>(steps: Rewinding<T>, answer: (due: RewindDue) => Promise<void>): Promise<T> {
  let step = steps.next();
  for (; step.done !== true; step = steps.next()) await answer(step.value);
  return step.value;
}
