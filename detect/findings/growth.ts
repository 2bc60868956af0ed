/**
 * When an open finding that goes on is told again: once an hour of covered time, and at once where its severity
 * changed. One behaviour is one finding that grows, not one revision a sample.
 */
import type { Severity } from '../../contracts/finding.ts';
import { HOUR_MS } from '../../contracts/time/instant.ts';

/** What readers were told last. Part of snapshots. */
export interface Told {
  ms: number;
  severity: Severity;
}

/** Notes that it is told now, and says whether it was worth it. */
export function isWorthTelling(told: Told, coveredMs: number, severity: Severity): boolean {
  if (severity === told.severity && coveredMs - told.ms < HOUR_MS) return false;
  told.ms = coveredMs;
  told.severity = severity;
  return true;
}

/** Periods that the evidence of one finding lists at most; how many there were is told beside them. */
export const MOST_LISTED = 168;

/** For a finding that lists its periods: the longer the list, the more rarely it is told again while it grows. */
export function isListDue(toldMs: number, coveredMs: number): boolean {
  return coveredMs - toldMs >= Math.max(HOUR_MS, toldMs / 24);
}
