/**
 * The detector of one partition of a divided log. It is given records and commits what came of them; what it needs for
 * a rewind is fetched. After any failure it is thrown away, and another one goes on from the last commit.
 */
import type { LogRecord } from '../../contracts/log-record.ts';
import type { DetectionCommit } from '../../contracts/ports/detection-store.ts';
import type { OwnedPartition } from '../../contracts/ports/partition.ts';
import { createEngine, registryDigestOf } from '../core/engine.ts';
import { expectKnownFormat } from '../core/state-format.ts';
import type { RewindDue } from './by-site.ts';
import { unpackText } from './packed-text.ts';
import { isOfPartition, nameByPartition } from './partition-letters.ts';
import { createRecentHistory, type RecentHistory } from './recent-history.ts';
import { createRunning, noteUnstored, snapshotText, type Running } from './running-detector.ts';
import { drive, readAgain, runSlice } from './slice.ts';
import { BEGINNING, createSteadyReceived, type ReadMark } from '../../contracts/steady-received.ts';
import { FORMAT, NEXT, REPLAY_FROM, SHARED, sitesToSave, stateEntries, toCommit } from './to-commit.ts';

export interface PartitionDetectorOptions {
  /** Records after which a changed site is saved: bounds what the next owner reads again. */
  readonly saveAfter?: number;
}

export interface PartitionDetector {
  /** Offset from which records have to be given: below {@link next} those that are read again. */
  readonly from: number;
  readonly next: () => number;
  /** Records in order, each offset once. Resolves when what came of them is committed. */
  take(records: readonly LogRecord[]): Promise<void>;
  /** When something falls due without a record. */
  readonly nextDue: () => number | undefined;
  /** Receive time of the newest record. */
  readonly clock: () => number;
  /** Saves every site, so that the next owner reads nothing again. */
  save(): Promise<void>;
  /** Lets go of what it holds on the disk; saves nothing. */
  close(): void;
}

const SAVE_AFTER = 20_000;
/** Where the next owner reads from, with the receive time before it. */
const MARK = 'read-mark';

interface Owned {
  readonly running: Running;
  readonly at: OwnedPartition;
  readonly recent: RecentHistory;
}

/** Records before what is at hand that are fetched once for all sites; a rewind that reaches further back reads for itself. */
const MOST_FETCHED = 2_000_000;

async function readSite({ at, recent }: Owned, site: string, from: number, to: number): Promise<readonly LogRecord[]> {
  const here = recent.from();
  if (from >= here) return recent.read(site, from, to);
  // After a take-over one site after the other may want what lies before: it is fetched once.
  if (here - from <= MOST_FETCHED) {
    await recent.extend(from, at.readReports(from, here));
    return recent.read(site, from, to);
  }
  const before: LogRecord[] = [];
  for await (const reports of at.readReports(from, Math.min(here, to)))
    before.push(...reports.filter((report) => report.site === site));
  return [...before, ...recent.read(site, here, to)];
}

async function answer(owned: Owned, { request, beforeOffset }: RewindDue): Promise<void> {
  const { running, at } = owned;
  const { site, base } = request;
  const first = base.offset < owned.recent.from() ? await at.first() : base.offset;
  if (base.offset < first) {
    running.engine.forgo(request, await readSite(owned, site, first, beforeOffset));
    return;
  }
  const snapshot = snapshotText(running, base.key, () => at.state(base.key));
  running.engine.rewind(request, snapshot, await readSite(owned, site, base.offset, beforeOffset));
}

/** @returns where records are read again from @throws ConfigError of states that a newer version saved */
function load(running: Running, at: OwnedPartition): ReadMark {
  expectKnownFormat({ format: Number(at.state(FORMAT) ?? 0) }, `the saved state of partition ${String(at.partition)}`);
  running.next = Number(at.state(NEXT) ?? 0);
  const mark = at.state(MARK);
  const shared = at.state(SHARED);
  const sites = at.stateKeys('site/').map((key) => {
    const value = at.state(key) ?? '';
    const cut = value.indexOf('\n');
    const site = key.slice('site/'.length);
    running.savedAt.set(site, Number(value.slice(0, cut)));
    return { site, text: unpackText(value.slice(cut + 1)) };
  });
  if (shared !== undefined) {
    const digest = registryDigestOf(shared);
    running.engine.load(shared, sites, digest === undefined ? undefined : at.registryFiles(digest));
  }
  return mark === undefined ? BEGINNING : (JSON.parse(mark) as ReadMark);
}

function replayFrom(state: DetectionCommit['state'], next: number): number {
  return Number(state.find(({ key }) => key === REPLAY_FROM)?.value ?? next);
}

/**
 * What was entered for everybody is read in every partition: each site's, and what became of a dead letter, is told by
 * its own, behind what it is about; what belongs to no site by the first. Offsets count in each partition: a dead letter's name says which.
 */
function ownPart(at: OwnedPartition, commit: DetectionCommit): DetectionCommit {
  const { rules, ...rest } = commit;
  return {
    ...rest,
    deadLetters: nameByPartition(commit.deadLetters, at.partition),
    marks: commit.marks.filter(({ mark }) => at.owns(mark.site)),
    redriven: (commit.redriven ?? []).filter((id) => isOfPartition(id, at.partition)),
    ...(at.partition === 0 ? { ...(rules === undefined ? {} : { rules }) } : { orders: [] }),
  };
}

async function takeAgain(owned: Owned, records: readonly LogRecord[]): Promise<void> {
  await drive(readAgain(owned.running, records), (due) => answer(owned, due));
  noteUnstored(owned.running, (key) => owned.at.state(key) !== undefined);
}

export function createPartitionDetector(
  at: OwnedPartition,
  { saveAfter = SAVE_AFTER }: PartitionDetectorOptions = {},
): PartitionDetector {
  const running = createRunning(createEngine());
  const mark = load(running, at);
  const received = createSteadyReceived(mark);
  const owned: Owned = { running, at, recent: createRecentHistory(mark.offset) };
  let isFirst = true;
  const commit = async (outputs: Parameters<typeof stateEntries>[1], all: boolean): Promise<void> => {
    const saves = sitesToSave(running, saveAfter, all);
    const state = stateEntries(running, outputs, saves, all);
    const place = [
      { key: NEXT, value: String(running.next) },
      { key: MARK, value: JSON.stringify(received.markBefore(replayFrom(state, running.next))) },
    ];
    await at.commit(ownPart(at, toCommit(running, outputs, [...state, ...place], isFirst)));
    isFirst = false;
    running.fresh.clear();
  };
  const takeNew = async (records: readonly LogRecord[]): Promise<void> => {
    let left = records;
    while (left.length > 0) {
      const { outputs, isShared } = await drive(runSlice(running, left), (due) => answer(owned, due));
      left = left.filter(({ offset }) => offset >= running.next);
      await commit(outputs, isShared);
    }
  };
  return {
    from: mark.offset,
    next: () => running.next,
    async take(given) {
      const records = received.steady(given);
      owned.recent.add(records);
      const again = records.filter(({ offset }) => offset < running.next);
      if (again.length > 0) await takeAgain(owned, again);
      await takeNew(again.length === 0 ? records : records.slice(again.length));
    },
    nextDue: () => running.engine.nextAt(),
    clock: () => running.engine.clock(),
    async save() {
      if (running.engine.dirty().size > 0) await commit(running.engine.collect(), true);
    },
    close: () => {
      owned.recent.close();
    },
  };
}
