/** Real measurements from open data sets (credit in the README beside each), and what is in them, read without the product. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Finding } from '../../contracts/finding.ts';

const FIXTURES = join(import.meta.dirname, '../fixtures');

export type PracticeSet = 'turbine' | 'steel';

export interface PracticeReport {
  readonly site: string;
  readonly device: string;
  readonly ts: string;
  readonly period: string;
  readonly values: Readonly<Record<string, number>>;
}

export const registryOf = (set: PracticeSet): string => join(FIXTURES, set, 'registry.yaml');
export const reportsOf = (set: PracticeSet): string => join(FIXTURES, set, 'reports.ndjson.gz');

/** The lines as they stand in the file. */
export function readReportLines(set: PracticeSet): readonly string[] {
  return gunzipSync(readFileSync(reportsOf(set)))
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '');
}

export function readReports(set: PracticeSet): readonly PracticeReport[] {
  return readReportLines(set).map((line) => JSON.parse(line) as PracticeReport);
}

// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- names what the lines hold, as JSON.parse cannot
export function parseLines<T>(text: string): readonly T[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}

export function readFindings(path: string): readonly Finding[] {
  return parseLines<Finding>(readFileSync(path, 'utf8'));
}

/** Local time of the practice data, without a calendar: China has one offset and no summer time. */
export function localText(at: number): string {
  return `${new Date(at + 8 * 3_600_000).toISOString().slice(0, 19)}+08:00`;
}

export interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly parts: readonly number[];
}

/** Joins equal periods that follow one another without a hole longer than `gapMs`; a hole of exactly that separates. */
export function joinPeriods(starts: readonly number[], periodMs: number, gapMs: number): readonly Stretch[] {
  const stretches: { start: number; end: number; parts: number[] }[] = [];
  for (const start of starts) {
    const last = stretches.at(-1);
    if (last !== undefined && start - last.end < gapMs) {
      last.end = start + periodMs;
      last.parts.push(start);
    } else stretches.push({ start, end: start + periodMs, parts: [start] });
  }
  return stretches;
}
