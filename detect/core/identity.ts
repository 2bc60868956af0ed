/**
 * Repeat, revision or new: by the identity of a value (site, device, signal, ts, period). Most reports are newer than
 * everything their device sent before and need no look at all.
 */
import type { CheckedReport, Reading } from '../../contracts/report-reading.ts';
import type { DeviceArrival } from './arrival-state.ts';

const RING = 128;

/** What can be said of a report without reading the log. */
export type Recognition = 'new' | 'repeat' | 'unclear';

const float = new Float64Array(1);
const words = new Uint32Array(float.buffer);

function hashText(text: string, seed: number): number {
  let hash = seed;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 16777619);
  return hash;
}

function hashNumber(value: number | undefined, seed: number): number {
  if (value === undefined) return Math.imul(seed ^ 0x9e3779b9, 2246822507);
  float[0] = value;
  return Math.imul(Math.imul(seed ^ (words[0] ?? 0), 2654435761) ^ (words[1] ?? 0), 1597334677);
}

function hashReading(reading: Reading, seed: number): number {
  let hash = hashText(reading.flag, hashText(reading.signal, seed));
  hash = typeof reading.value === 'number' ? hashNumber(reading.value, hash) : hashText(reading.value, hash);
  if (reading.min === undefined && reading.max === undefined && reading.converted === undefined) return hash;
  return hashNumber(reading.converted, hashNumber(reading.max, hashNumber(reading.min, hash)));
}

/** Of all values and flags, whatever their order: 53 bits. */
export function hashReport(report: CheckedReport): number {
  let low = 0;
  let high = 0;
  for (const reading of report.readings) {
    const hash = hashReading(reading, 2166136261);
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
  device.ring.push([report.ts, report.periodMs, hash]);
  if (device.ring.length > RING) device.ring.shift();
}

function inRing(device: DeviceArrival, report: CheckedReport, hash: number): boolean {
  const { ring } = device;
  for (let i = ring.length - 1; i >= 0; i -= 1) {
    const entry = ring[i] as [number, number, number];
    if (entry[0] === report.ts && entry[1] === report.periodMs && entry[2] === hash) return true;
  }
  return false;
}

/** Recognises a report and remembers it. Carries no readings (only a mark or parameters): always new. */
export function recognise(device: DeviceArrival, report: CheckedReport): Recognition {
  if (report.readings.length === 0) return 'new';
  const key = String(report.periodMs);
  const newest = device.newest[key];
  const hash = hashReport(report);
  if (newest === undefined || report.ts > newest.ts) {
    device.newest[key] = { ts: report.ts, signals: report.readings.map((reading) => reading.signal) };
    remember(device, report, hash);
    return 'new';
  }
  if (inRing(device, report, hash)) return 'repeat';
  remember(device, report, hash);
  const isDisjoint = report.ts === newest.ts && report.readings.every((reading) => !newest.signals.includes(reading.signal));
  if (!isDisjoint) return 'unclear';
  for (const reading of report.readings) newest.signals.push(reading.signal);
  return 'new';
}
