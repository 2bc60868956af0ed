/**
 * Repeat, revision or new: by the identity of a value (site, device, signal, ts, period). Most reports are newer than
 * everything their device sent before and need no look at all.
 */
import type { CheckedReport, Reading } from '../../contracts/report-reading.ts';
import type { DeviceArrival, Newest } from './arrival-state.ts';

const RING = 48;

/** What can be said of a report without reading the log. */
export type Recognition = 'new' | 'repeat' | 'unclear';

const float = new Float64Array(1);
const words = new Uint32Array(float.buffer);

function mixNumber(value: number | undefined, seed: number): number {
  if (value === undefined) return Math.imul(seed ^ 0x9e3779b9, 2246822507);
  float[0] = value;
  return Math.imul(Math.imul(seed ^ (words[0] as number), 2654435761) ^ (words[1] as number), 1597334677);
}

function mixText(text: string, seed: number): number {
  let hash = seed;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 16777619);
  return hash;
}

/** Two reports of one instant differ in a value or a flag; the signal's ends are enough to tell its values apart. */
function mixReading(reading: Reading): number {
  const { signal, value } = reading;
  const seed =
    (signal.charCodeAt(0) << 16) ^
    (signal.charCodeAt(signal.length - 1) << 8) ^
    (signal.length << 4) ^
    reading.flag.charCodeAt(0);
  const hash = typeof value === 'number' ? mixNumber(value, seed) : mixText(value, seed);
  if (reading.min === undefined && reading.max === undefined && reading.converted === undefined) return hash;
  return mixNumber(reading.converted, mixNumber(reading.max, mixNumber(reading.min, hash)));
}

/** Of all values and flags, whatever their order: 53 bits. */
function hashReport(report: CheckedReport): number {
  let low = 0;
  let high = 0;
  for (const reading of report.readings) {
    const hash = mixReading(reading);
    low = (low + (hash ^ (hash >>> 15))) >>> 0;
    high = (high + Math.imul(hash ^ (hash >>> 13), 3266489909)) >>> 0;
  }
  return (high >>> 11) * 4294967296 + low;
}

/** Same value, flag and statistics. */
export function isSameReading(a: Reading, b: Reading): boolean {
  const same = a.value === b.value || (Number.isNaN(a.value) && Number.isNaN(b.value));
  return same && a.flag === b.flag && a.min === b.min && a.max === b.max && a.converted === b.converted;
}

function remember(device: DeviceArrival, report: CheckedReport, hash: number): void {
  const { ring } = device;
  const at = device.ringAt;
  ring[at] = report.ts;
  ring[at + 1] = report.periodMs;
  ring[at + 2] = hash;
  device.ringAt = at + 3 >= 3 * RING ? 0 : at + 3;
}

function inRing(device: DeviceArrival, report: CheckedReport, hash: number): boolean {
  const { ring } = device;
  for (let i = 0; i < ring.length; i += 3) {
    if (ring[i] === report.ts && ring[i + 1] === report.periodMs && ring[i + 2] === hash) return true;
  }
  return false;
}

/** Devices tell the same signals again and again: their names are kept once. */
function rememberSignals(newest: Newest, report: CheckedReport): void {
  const { signals } = newest;
  const { readings } = report;
  let same = signals.length === readings.length;
  for (let i = 0; same && i < readings.length; i += 1) same = signals[i] === readings[i]?.signal;
  if (!same) newest.signals = readings.map((reading) => reading.signal);
}

/** Recognises a report and remembers it. Carries no readings (only a mark or parameters): always new. */
export function recognise(device: DeviceArrival, report: CheckedReport): Recognition {
  if (report.readings.length === 0) return 'new';
  const key = report.periodMs === 0 ? '0' : String(report.periodMs);
  const hash = hashReport(report);
  const newest = (device.newest[key] ??= { ts: Number.MIN_SAFE_INTEGER, signals: [] });
  if (report.ts > newest.ts) {
    newest.ts = report.ts;
    rememberSignals(newest, report);
    remember(device, report, hash);
    return 'new';
  }
  if (inRing(device, report, hash)) return 'repeat';
  remember(device, report, hash);
  const isDisjoint =
    report.ts === newest.ts && report.readings.every((reading) => !newest.signals.includes(reading.signal));
  if (!isDisjoint) return 'unclear';
  newest.signals = [...newest.signals, ...report.readings.map((reading) => reading.signal)];
  return 'new';
}
