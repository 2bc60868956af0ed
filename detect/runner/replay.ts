/**
 * Offline: records in, findings in their final state out. Deterministic; the clock is the records' `received`.
 */
import type { Finding } from '../../contracts/finding.ts';
import type { LogRecord } from '../../contracts/log-record.ts';
import { FINAL_AFTER_MS, type Mean } from '../../contracts/mean.ts';
import type { DeadLetter } from '../../contracts/ports/detection-store.ts';
import type { CheckedReport } from '../../contracts/report-reading.ts';
import { createEngine, type Engine } from '../core/engine.ts';
import type { FindingNote, Outputs } from '../core/outputs.ts';
import type { RewindRequest } from '../core/rewind.ts';
import { toMean, type MeanNote } from '../core/scribe.ts';
import { toFinding } from '../findings/to-finding.ts';
import { createStretch, isBarrier, type StoredReport } from './by-site.ts';
import { createSiteHistory, type SiteHistory } from './site-history.ts';

export interface ReplayOptions {
  readonly wantsMeans: boolean;
}

export interface Replay {
  /** Records in the order of the log. */
  take(record: LogRecord, checked?: CheckedReport): void;
  /** Ends the replay: everything held is read, nothing is closed. */
  finish(): ReplayResult;
}

export interface ReplayResult {
  /** Sorted by `detectedAt`, `id`. */
  readonly findings: readonly Finding[];
  readonly means: readonly Mean[];
  readonly deadLetters: readonly DeadLetter[];
  readonly counts: Readonly<Record<string, number>>;
}

const REPORTS_A_SITE = 40;
const SMALLEST_STRETCH = 4_000;
const LARGEST_STRETCH = 800_000;

function sameContent(a: MeanNote, b: MeanNote): boolean {
  return a.verdict === b.verdict && JSON.stringify(a.period) === JSON.stringify(b.period);
}

interface Gathered {
  readonly findings: Map<string, FindingNote>;
  readonly means: Map<string, { note: MeanNote; isRevised: boolean }>;
  readonly deadLetters: Map<string, DeadLetter>;
  readonly snapshots: Map<string, string>;
  readonly counts: Record<string, number>;
}

function gather(into: Gathered, outputs: Outputs, wantsMeans: boolean): void {
  for (const note of outputs.findings) into.findings.set(note.entry.id, note);
  for (const letter of outputs.deadLetters) into.deadLetters.set(letter.id, letter);
  for (const [name, value] of Object.entries(outputs.counts)) into.counts[name] = (into.counts[name] ?? 0) + value;
  for (const [key, text] of outputs.snapshots) {
    if (text === null) into.snapshots.delete(key);
    else into.snapshots.set(key, text);
  }
  if (!wantsMeans) return;
  for (const note of outputs.means) {
    const { period } = note;
    const key = `${note.site}|${period.outlet}|${period.signal}|${period.average}|${String(period.start)}`;
    const before = into.means.get(key);
    if (before !== undefined && sameContent(before.note, note)) continue;
    into.means.set(key, { note, isRevised: before !== undefined && note.again });
  }
}

/** How many reports are gathered before they are taken site by site; more where there are more sites. */
function stretchSize(engine: Engine): number {
  const sites = engine.registry()?.sites.size ?? 0;
  return Math.min(LARGEST_STRETCH, Math.max(SMALLEST_STRETCH, REPORTS_A_SITE * sites));
}

/** In the order of the log, which their ids count. */
function lettersOf({ deadLetters }: Gathered): readonly DeadLetter[] {
  const offsetOf = ({ id }: DeadLetter): number => Number(id.slice('dl-'.length));
  return [...deadLetters.values()].sort((a, b) => offsetOf(a) - offsetOf(b));
}

function toResult(engine: Engine, gathered: Gathered): ReplayResult {
  const time = engine.registry()?.time;
  const clock = engine.clock();
  if (time === undefined) return { findings: [], means: [], deadLetters: lettersOf(gathered), counts: gathered.counts };
  const order = (a: FindingNote, b: FindingNote): number =>
    a.entry.draft.detectedAt - b.entry.draft.detectedAt || (a.entry.id < b.entry.id ? -1 : 1);
  const byStart = (a: { note: MeanNote }, b: { note: MeanNote }): number =>
    a.note.period.end - b.note.period.end || (a.note.site < b.note.site ? -1 : a.note.site > b.note.site ? 1 : 0);
  return {
    findings: [...gathered.findings.values()].sort(order).map((note) => toFinding(note, time)),
    means: [...gathered.means.values()].sort(byStart).map(({ note, isRevised }) => {
      const isFinal = clock >= note.period.end + FINAL_AFTER_MS;
      return toMean(note, time, isRevised ? 'revised' : isFinal ? 'final' : 'provisional');
    }),
    deadLetters: lettersOf(gathered),
    counts: gathered.counts,
  };
}

function emptyGathered(): Gathered {
  return { findings: new Map(), means: new Map(), deadLetters: new Map(), snapshots: new Map(), counts: {} };
}

interface Replaying {
  readonly engine: Engine;
  readonly gathered: Gathered;
  readonly history: SiteHistory;
  readonly collect: () => void;
  readonly answer: (request: RewindRequest) => void;
}

function beginReplaying(wantsMeans: boolean): Replaying {
  const engine = createEngine({ wantsSamples: false });
  const history = createSiteHistory();
  const gathered = emptyGathered();
  const collect = (): void => {
    gather(gathered, engine.collect(), wantsMeans);
  };
  const answer = (request: RewindRequest): void => {
    collect();
    const snapshot = request.base.key === '' ? undefined : gathered.snapshots.get(request.base.key);
    engine.rewind(request, snapshot, history.read(request.site, request.base.offset));
  };
  return { engine, gathered, history, collect, answer };
}

function endReplaying({ engine, gathered, history, collect, answer }: Replaying): ReplayResult {
  engine.finish();
  for (let request = engine.dueNow(); request !== undefined; request = engine.dueNow()) answer(request);
  engine.finish();
  collect();
  history.close();
  return toResult(engine, gathered);
}

export function createReplay(options: ReplayOptions): Replay {
  const replaying = beginReplaying(options.wantsMeans);
  const { engine, history, collect, answer } = replaying;
  const admits = (record: StoredReport): boolean => {
    history.add(record.site, record);
    return true;
  };
  const stretch = createStretch({ engine, admits });
  let largest = SMALLEST_STRETCH;
  let now = Number.NEGATIVE_INFINITY;
  const flush = (nextOffset: number): void => {
    for (const { request } of stretch.flush(now, nextOffset)) answer(request);
    collect();
    largest = stretchSize(engine);
  };
  /** A restart forgives the silence that lies before it: it is read before what falls due up to it. */
  const takeOther = (record: LogRecord): void => {
    const isRestart = record.kind === 'tick' && record.restarted === true;
    if (!isRestart) now = Math.max(now, record.received);
    if (isBarrier(record)) flush(record.offset);
    engine.take(record);
    now = Math.max(now, record.received);
  };
  return {
    take(record, checked) {
      if (record.kind !== 'report') {
        takeOther(record);
        return;
      }
      now = Math.max(now, record.received);
      stretch.add(record, checked);
      if (stretch.size() >= largest) flush(record.offset + 1);
    },
    finish() {
      flush(0);
      return endReplaying(replaying);
    },
  };
}
