/** Some plants for hours: exceedances, filters that are off, frozen monitors, reports that come late or twice. */
import type { LogEntry } from '../../contracts/log-record.ts';
import { practiceRegistry } from '../support/practice-plants.ts';
import { createRandom } from '../support/seeded-random.ts';

const MINUTE_MS = 60_000;
export const WORKS_BEGIN = Date.parse('2026-02-02T00:00:00+08:00');

/** @param limit mg/m³ of nitrogen oxides */
export function worksRegistry(sites: number, limit?: number): string {
  const plants = Array.from({ length: sites }, (_, index) => ({
    id: `works-${String(index)}`,
    name: `works ${String(index)}`,
  }));
  return practiceRegistry(plants, limit);
}

export function registryEntry(text: string, received = WORKS_BEGIN): LogEntry {
  return { kind: 'registry', received, files: [{ name: 'works.yaml', text }] };
}

interface Span {
  readonly from: number;
  readonly to: number;
}

const within = ({ from, to }: Span, minute: number): boolean => minute >= from && minute < to;

/** What one plant does in `minutes`, in the order in which it arrives. */
function plant(index: number, minutes: number, seed: number): LogEntry[] {
  const random = createRandom(seed * 1_000 + index);
  const span = (length: number): Span => {
    const from = random.below(minutes);
    return { from, to: from + length };
  };
  const high = span(130);
  const off = span(60);
  const frozen = span(100);
  const away = span(45);
  const site = `works-${String(index)}`;
  const entry = (device: string, minute: number, values: Record<string, number>, atMinute = minute): LogEntry => ({
    kind: 'report',
    site,
    device,
    received: WORKS_BEGIN + atMinute * MINUTE_MS + 2_000,
    body: JSON.stringify({ ts: new Date(WORKS_BEGIN + minute * MINUTE_MS).toISOString(), values }),
  });
  const entries: LogEntry[] = [];
  for (let minute = 0; minute < minutes; minute += 1) {
    const isFrozen = within(frozen, minute);
    const level = (within(high, minute) ? 140 : 60) + (isFrozen ? 0 : random.below(200) / 10);
    // What was stored while the line was away comes behind its end.
    const atMinute = within(away, minute) ? away.to : minute;
    const cems = entry('cems-1', minute, { nox: Math.round(level * 10) / 10 }, atMinute);
    entries.push(cems);
    if (random.below(50) === 0) entries.push(cems);
    entries.push(entry('m-kiln', minute, { power: 500 + random.below(50) }));
    entries.push(entry('m-bag', minute, { power: within(off, minute) ? 0 : 60 + random.below(5) }));
  }
  return entries;
}

/** Every plant's reports and a tick each minute, as they are received. */
export function worksEntries(sites: number, minutes: number, seed: number): readonly LogEntry[] {
  const ticks = Array.from({ length: minutes + 80 }, (_, minute): LogEntry => ({
    kind: 'tick',
    received: WORKS_BEGIN + minute * MINUTE_MS + 30_000,
  }));
  const plants = Array.from({ length: sites }, (_, index) => plant(index, minutes, seed)).flat();
  return [...plants, ...ticks].sort((a, b) => a.received - b.received);
}
