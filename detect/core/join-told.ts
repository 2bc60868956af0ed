/**
 * The meters' word about a line under an order, joined with what camera, stack and gate say.
 *
 * These may speak later than the meters (an hour's mean comes with the hour): a stretch without production waits until
 * they have said all that they will say. Nothing is lost by that, a finding's times are those of what was said.
 */
import { HOUR_MS } from '../../contracts/time/instant.ts';
import type { LocalTime } from '../../contracts/time/local-time.ts';
import type { LineSpan } from '../rules/line-span.ts';
import type { Sign, ToldSpan } from './line-words.ts';
import type { BoundLine, SignSource } from './bound-parts.ts';
import { reachMs } from './covered-time.ts';
import type { WaitingStretch } from './line-watch.ts';

import { changeAfter, dropBefore, spanAt } from './span-queue.ts';

/** Hours of standstill that a device must have been seen in, and how many of them it may call production. */
const MOST_WRONG_HOURS = 6;
const MOST_WRONG_SHARE = 0.3;
/** Longer than a device of hourly means lags behind. */
const KEEP_RUNS_MS = 3 * HOUR_MS;

const ON = 1;
const OFF = 0;

/** When production was on or off, for whoever joins it with other times. */
export function noteRun(runs: [number, number, number][], span: LineSpan): void {
  const last = runs[runs.length - 1];
  if (span.production !== 'unknown') {
    const code = span.production === 'on' ? ON : OFF;
    if (last !== undefined && last[1] === span.start && last[2] === code) last[1] = span.end;
    else runs.push([span.start, span.end, code]);
  }
  dropBefore(runs, span.end - KEEP_RUNS_MS);
}

/** A settled span of the meters under an order begins to wait. */
export function waitForSigns(waiting: WaitingStretch[], span: LineSpan): void {
  let silent = '';
  if (span.production === 'unknown') {
    for (const { running, meter } of span.productionMeters) {
      if (running === 'unknown') silent += silent === '' ? meter.device.id : `, ${meter.device.id}`;
    }
  }
  const last = waiting[waiting.length - 1];
  if (last?.end === span.start && last.production === span.production && last.silent === silent) last.end = span.end;
  else waiting.push({ start: span.start, end: span.end, production: span.production, silent });
}

/** How far camera and stack, and the lines that may explain them, have said all that they will say. */
function signsSettledTo(sources: readonly SignSource[], now: number): number {
  let settled = now;
  for (const { member, others } of sources) {
    const { track, everyMs } = member;
    settled = Math.min(
      settled,
      Math.max(track.decidedTo ?? Number.NEGATIVE_INFINITY, now - reachMs(track, everyMs, now)),
    );
    for (const other of others) {
      if (other.plan.productionCount > 0)
        settled = Math.min(settled, other.state.timeline.doneTo ?? Number.NEGATIVE_INFINITY);
    }
  }
  return settled;
}

/** A device that often showed production while the line was known to stand sees something else. */
function isTrusted(line: BoundLine, device: string): boolean {
  const [standing, wrong] = line.state.watch.trust[device] ?? [0, 0];
  return wrong < MOST_WRONG_HOURS || wrong < MOST_WRONG_SHARE * standing;
}

/** The sign as it counts at an instant; `undefined` where another line explains it. */
function signAt(source: SignSource, at: number): Sign | undefined {
  const word = spanAt(source.words, at);
  if (word === undefined) return undefined;
  const silentOthers = [];
  for (const other of source.others) {
    const run = spanAt(other.state.watch.runs, at);
    if (run?.[2] === ON) return undefined;
    if (run === undefined) silentOthers.push(other.plan.line);
  }
  return { device: source.device, kind: source.kind, value: word[3], usual: word[4], o2: word[5], silentOthers };
}

/** What some of the devices say from the begin of a stretch up to `end`, in which none of them changes. */
function tellPiece(
  line: BoundLine,
  { start, production, silent }: WaitingStretch,
  end: number,
  from: { readonly sources: readonly SignSource[]; readonly now: number },
): ToldSpan {
  const signs: Sign[] = [];
  let isTold = false;
  let isDenied = false;
  for (const source of from.sources) {
    const says = spanAt(source.words, start)?.[2];
    if (says === undefined) continue;
    isTold = true;
    if (says === OFF) isDenied = true;
    const sign = says === ON && isTrusted(line, source.device) ? signAt(source, start) : undefined;
    if (sign !== undefined) signs.push(sign);
  }
  return { start, end, production, silent, isTold, isDenied, signs, at: from.now };
}

/** Where the next device, or another line that explains it, says something else. */
function nextChange(sources: readonly SignSource[], at: number, limit: number): number {
  let end = limit;
  for (const { words, others } of sources) {
    end = changeAfter(words, at, end);
    for (const other of others) end = changeAfter(other.state.watch.runs, at, end);
  }
  return end;
}

interface Joining {
  readonly line: BoundLine;
  readonly now: number;
  /** Cameras and stacks; gates. */
  readonly eyes: readonly SignSource[];
  readonly gates: readonly SignSource[];
  readonly eyesSettledTo: number;
  readonly gatesSettledTo: number;
}

/**
 * The next piece of a stretch; `undefined` where somebody still has to speak. Gates are asked only where camera and
 * stack say nothing: their word comes with the full hour, and trucks say less of production than what can be seen.
 */
function nextPiece(joining: Joining, stretch: WaitingStretch): ToldSpan | undefined {
  const { line, now, eyes, gates } = joining;
  const { start, end, production } = stretch;
  // What the meters show needs no sign.
  if (production === 'on') return tellPiece(line, stretch, end, { sources: [], now });
  let until = Math.min(end, joining.eyesSettledTo);
  if (until <= start) return undefined;
  until = nextChange(eyes, start, until);
  const seen = tellPiece(line, stretch, until, { sources: eyes, now });
  if (seen.isTold || gates.length === 0) return seen;
  until = Math.min(until, joining.gatesSettledTo);
  if (until <= start) return undefined;
  return tellPiece(line, stretch, nextChange(gates, start, until), { sources: gates, now });
}

/** Hands on what is settled of the waiting stretches by stream time `now`, oldest first. */
export function joinTold(line: BoundLine, now: number, time: LocalTime, each: (span: ToldSpan) => void): void {
  const { waiting } = line.state.watch;
  const eyes = line.sources.filter(({ kind }) => kind !== 'gate');
  const gates = line.sources.filter(({ kind }) => kind === 'gate');
  const gatesTold = signsSettledTo(gates, now);
  const joining: Joining = {
    line,
    now,
    eyes,
    gates,
    eyesSettledTo: signsSettledTo(eyes, now),
    // Where another line was never heard nothing is settled, and no hour either.
    gatesSettledTo: gates.length === 0 || gatesTold === -Infinity ? gatesTold : time.hourStart(gatesTold),
  };
  for (let first = waiting[0]; first !== undefined; first = waiting[0]) {
    const piece = nextPiece(joining, first);
    if (piece === undefined) return;
    each(piece);
    if (piece.end >= first.end) waiting.shift();
    else first.start = piece.end;
  }
}

/** Words about time that is over are let go. */
export function dropWords(line: BoundLine): void {
  const { watch, timeline } = line.state;
  const done = watch.waiting[0]?.start ?? timeline.doneTo;
  if (done === null) return;
  for (const { words } of line.sources) if (words.length > 0) dropBefore(words, done);
}
