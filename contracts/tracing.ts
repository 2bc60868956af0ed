/**
 * Which entries of the log are followed, beside the entries: what stands in the log, and what is exported, is the same
 * whether somebody looks on or not.
 */
import type { LogEntry } from './log-record.ts';

const contexts = new WeakMap<LogEntry, string>();

/** @param context W3C `traceparent` */
export function markTrace(entry: LogEntry, context: string): void {
  contexts.set(entry, context);
}

export function traceOf(entry: LogEntry): string | undefined {
  return contexts.get(entry);
}
