/** What a stack monitor, a camera or a gate says about production goes to the lines that it sees. */
import type { Reading } from '../../contracts/report-reading.ts';
import { HOUR_MS } from '../../contracts/time/instant.ts';
import type { Word } from './line-words.ts';
import { orderContradiction } from '../rules/order.contradiction.ts';
import type { BoundDevice } from './bound-parts.ts';
import type { Segment } from './covered-time.ts';
import { isOrderNear, reachesAnyLine } from './orders-near.ts';
import { pushSpan } from './span-queue.ts';
import type { SiteStream } from './site-stream.ts';
import {
  addToUsual,
  initialUsualState,
  isHourValid,
  learnUsual,
  noteHeard,
  usualLevel,
  type UsualState,
} from './usual-work.ts';

/** What a device says: production, none, or something valid that tells neither. */
const PRODUCTION = 1;
const NONE = 0;
const NEITHER = 2;

/** Trucks that keep office hours: what comes at night does not say what a working hour is like. */
const WORK_FROM_MINUTE = 8 * 60;
const WORK_TO_MINUTE = 18 * 60;
/** With fewer trucks an hour than this, half of the usual is chance. */
const LEAST_TRUCKS = 4;

function valueOf(readings: readonly Reading[], signal: string): number | undefined {
  for (const reading of readings) {
    if (reading.signal !== signal) continue;
    const { value } = reading;
    return reading.flag === 'N' && typeof value === 'number' && !Number.isNaN(value) ? value : undefined;
  }
  return undefined;
}

/** Goes to every line that the device sees; also counted by the hour, for how far the device can be trusted. */
function tell(stream: SiteStream, device: BoundDevice, word: Word): void {
  const { plan } = stream;
  const [start, end, says] = word;
  const heard = (device.rules.heard ??= [0, 0, 0, 0, 0, 0]);
  noteHeard(heard, plan.time.hourStart(start), end - start, says === PRODUCTION);
  // Few trucks are no word about production: stock waits.
  if (says !== PRODUCTION && device.plan.device.kind === 'gate') return;
  if (plan.orders.length === 0 || !isOrderNear(plan, start, end)) return;
  for (const line of device.signOf) {
    for (const source of line.sources) {
      if (source.device === device.id) pushSpan(source.words, [...word]);
    }
  }
}

function usualOf(device: BoundDevice): UsualState {
  return (device.rules.usual ??= initialUsualState());
}

/** A full hour has passed: it is learned, unless it was an hour of orders. */
function learnHour(stream: SiteStream, device: BoundDevice, usual: UsualState, value: number): void {
  const { plan } = stream;
  const start = usual.hour as number;
  if (reachesAnyLine(plan, device.signOf, start, start + HOUR_MS)) return;
  learnUsual(usual, value, plan.time.dayStart(start));
}

/** Flow of the hours in which something burned. */
function learnFlow(stream: SiteStream, device: BoundDevice, segment: Segment, flow: number): void {
  const usual = usualOf(device);
  const hourStart = stream.plan.time.hourStart(segment.start);
  if (usual.hour !== null && usual.hour !== hourStart && isHourValid(usual))
    learnHour(stream, device, usual, usual.sum / usual.ms);
  const ms = segment.end - segment.start;
  addToUsual(usual, hourStart, ms, flow * ms);
}

/** What gas says of production: burning, and at more than a part of the usual flow. */
function stackWord(isBurnt: boolean | undefined, isStrong: boolean | undefined): number {
  if (isBurnt === false || isStrong === false) return NONE;
  return isBurnt === true && isStrong === true ? PRODUCTION : NEITHER;
}

function tellStack(
  stream: SiteStream,
  device: BoundDevice,
  { start, end }: Segment,
  gas: { readonly flow: number | undefined; readonly o2: number | undefined; readonly isBurnt: boolean | undefined },
): void {
  const { flow, o2, isBurnt } = gas;
  const usual = usualLevel(usualOf(device));
  let isStrong: boolean | undefined;
  if (flow !== undefined && usual !== undefined)
    isStrong = flow > (usual * stream.scribe.context(orderContradiction).parameter('flowPercent')) / 100;
  tell(stream, device, [start, end, stackWord(isBurnt, isStrong), flow ?? 0, usual ?? 0, o2 ?? 0]);
}

/** A stack monitor's span. */
export function stepStackSign(stream: SiteStream, device: BoundDevice, segment: Segment): void {
  const { readings, start, end } = segment;
  if (device.signOf.length === 0 || readings.length === 0 || end - start > HOUR_MS) return;
  const flow = valueOf(readings, 'flow');
  const o2 = valueOf(readings, 'o2');
  if (flow === undefined && o2 === undefined) return;
  const below = stream.scribe.context(orderContradiction).parameter('oxygenPercent');
  const isBurnt = o2 === undefined ? undefined : o2 < below;
  tellStack(stream, device, segment, { flow, o2, isBurnt });
  if (isBurnt === true && flow !== undefined) learnFlow(stream, device, segment, flow);
}

/** A camera's span; one that is off line or occluded says nothing. */
export function stepCameraSign(stream: SiteStream, device: BoundDevice, segment: Segment): void {
  const { readings, start, end } = segment;
  if (device.signOf.length === 0 || readings.length === 0) return;
  const running = valueOf(readings, 'running');
  if (running === undefined || valueOf(readings, 'online') === 0 || valueOf(readings, 'occluded') === 1) return;
  tell(stream, device, [start, end, running >= 0.5 ? PRODUCTION : NONE, 0, 0, 0]);
}

/** A gate's valid count. */
export function truckReading(readings: readonly Reading[], signal: 'trucks-in' | 'trucks-out'): number | undefined {
  return valueOf(readings, signal);
}

/** In and out together; `undefined` where neither is valid. */
function truckCount(readings: readonly Reading[]): number | undefined {
  const into = truckReading(readings, 'trucks-in');
  const out = truckReading(readings, 'trucks-out');
  return into === undefined && out === undefined ? undefined : (into ?? 0) + (out ?? 0);
}

/** Ends a gate's hour: as many trucks as in work say production. */
function endGateHour(stream: SiteStream, device: BoundDevice, usual: UsualState): void {
  if (!isHourValid(usual)) return;
  const start = usual.hour as number;
  const perHour = (usual.sum * HOUR_MS) / usual.ms;
  const level = usualLevel(usual);
  if (level !== undefined && level >= LEAST_TRUCKS) {
    const share = stream.scribe.context(orderContradiction).parameter('trucksPercent') / 100;
    const says = perHour >= level * share ? PRODUCTION : NEITHER;
    tell(stream, device, [start, start + HOUR_MS, says, perHour, level, 0]);
  }
  const minute = stream.plan.time.minuteOfDay(start);
  if (minute >= WORK_FROM_MINUTE && minute < WORK_TO_MINUTE) learnHour(stream, device, usual, perHour);
}

/** A gate's span: counts are added up by the clock hour. */
export function stepGateSign(stream: SiteStream, device: BoundDevice, segment: Segment): void {
  const { readings, start, end } = segment;
  if (device.signOf.length === 0 || readings.length === 0 || end - start > HOUR_MS) return;
  const trucks = truckCount(readings);
  if (trucks === undefined) return;
  const usual = usualOf(device);
  const hourStart = stream.plan.time.hourStart(start);
  if (usual.hour !== hourStart) endGateHour(stream, device, usual);
  addToUsual(usual, hourStart, end - start, trucks);
  if (end < hourStart + HOUR_MS) return;
  endGateHour(stream, device, usual);
  usual.hour = null;
  usual.ms = 0;
  usual.sum = 0;
}
