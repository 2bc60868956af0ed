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
import type { BoundLine } from './bound-site.ts';
import { reachMs } from './covered-time.ts';
import type { WaitingStretch } from './line-watch.ts';
import type { SignSource } from './sign-sources.ts';
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

/** How far everything that may contradict or explain has been said. */
function signsSettledTo(line: BoundLine, now: number, time: LocalTime): number {
  let settled = now;
  for (const { member, kind, others } of line.sources) {
    const { track, everyMs } = member;
    const until = Math.max(track.decidedTo ?? Number.NEGATIVE_INFINITY, now - reachMs(track, everyMs, now));
    // A gate's word comes with the full hour.
    settled = Math.min(settled, kind === 'gate' ? time.hourStart(until) : until);
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

function tellPiece(line: BoundLine, stretch: WaitingStretch, end: number, now: number): ToldSpan {
  const { start, production, silent } = stretch;
  const signs: Sign[] = [];
  let isTold = false;
  let isDenied = false;
  if (production !== 'on') {
    for (const source of line.sources) {
      const says = spanAt(source.words, start)?.[2];
      if (says === undefined) continue;
      isTold = true;
      if (says === OFF) isDenied = true;
      const sign = says === ON && isTrusted(line, source.device) ? signAt(source, start) : undefined;
      if (sign !== undefined) signs.push(sign);
    }
  }
  return { start, end, production, silent, isTold, isDenied, signs, at: now };
}

/** Where the next device, or another line that explains it, says something else. */
function nextChange(line: BoundLine, at: number, limit: number): number {
  let end = limit;
  for (const { words, others } of line.sources) {
    end = changeAfter(words, at, end);
    for (const other of others) end = changeAfter(other.state.watch.runs, at, end);
  }
  return end;
}

/** Hands on what is settled of the waiting stretches by stream time `now`, oldest first. */
export function joinTold(line: BoundLine, now: number, time: LocalTime, each: (span: ToldSpan) => void): void {
  const { waiting } = line.state.watch;
  const settled = signsSettledTo(line, now, time);
  for (let first = waiting[0]; first !== undefined; first = waiting[0]) {
    const isKnown = first.production === 'on';
    const until = isKnown ? first.end : Math.min(first.end, settled);
    while (first.start < until) {
      const end = isKnown ? until : nextChange(line, first.start, until);
      each(tellPiece(line, first, end, now));
      first.start = end;
    }
    if (first.start < first.end) return;
    waiting.shift();
  }
}

/** Words about time that is over are let go. */
export function dropWords(line: BoundLine): void {
  const { watch, timeline } = line.state;
  const done = watch.waiting[0]?.start ?? timeline.doneTo;
  if (done === null) return;
  for (const { words } of line.sources) if (words.length > 0) dropBefore(words, done);
}
