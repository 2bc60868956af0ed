/** What the readers of a scenario share: its start, its time zone, and the list of what is wrong. */
import { parseClockDuration } from '../contracts/time/duration.ts';
import type { LocalTime } from '../contracts/time/local-time.ts';
import { OFFSET_WORDS, resolveOffset } from './scenario-time.ts';
import type { ScenarioProblem } from './scenario-file.ts';
import type { RandomStream } from './plants/random-stream.ts';
import type { Span } from './plants/span.ts';
import type { Weather } from './plants/weather.ts';

export type Path = readonly (string | number)[];

export interface ScenarioReading {
  readonly startAt: number;
  /** Where registers and counters begin; nothing can be reported before. */
  readonly originAt: number;
  readonly time: LocalTime;
  readonly random: RandomStream;
  readonly weatherAt: (at: number) => Weather;
  /** How far apart the devices of a site send. */
  readonly spreadMs: number;
  readonly problems: ScenarioProblem[];
}

export function complain(reading: ScenarioReading, path: Path, message: string): void {
  reading.problems.push({ path, message });
}

/** An instant of the file; NaN after a complaint. */
export function readOffset(reading: ScenarioReading, text: string, path: Path): number {
  const at = resolveOffset(text, reading.startAt, reading.time);
  if (Number.isNaN(at)) complain(reading, path, `saw "${text}", expected ${OFFSET_WORDS}`);
  return at;
}

export function readSpan(reading: ScenarioReading, entry: { from: string; to: string }, path: Path): Span {
  const fromAt = readOffset(reading, entry.from, [...path, 'from']);
  const toAt = readOffset(reading, entry.to, [...path, 'to']);
  if (fromAt >= toAt) {
    complain(reading, [...path, 'to'], `\`to\` (${entry.to}) is not after \`from\` (${entry.from}); make it later`);
  }
  return { fromAt, toAt };
}

/** Milliseconds of a duration; NaN after a complaint. */
export function readDuration(reading: ScenarioReading, text: string, path: Path): number {
  const ms = parseClockDuration(text);
  if (ms === undefined) complain(reading, path, `saw "${text}", expected an ISO 8601 duration such as PT15M`);
  return ms ?? Number.NaN;
}

/** Complains where a name is not among those that there are. */
export function checkName(reading: ScenarioReading, name: string, known: readonly string[], path: Path): void {
  if (!known.includes(name)) complain(reading, path, `saw "${name}", expected one of ${known.join(', ')}`);
}
