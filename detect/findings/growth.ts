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
