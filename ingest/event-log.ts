/** What ingest says of its life; a pino logger is one. */
export interface EventLog {
  info(fields: object, event: string): void;
  warn(fields: object, event: string): void;
  error(fields: object, event: string): void;
}

const QUIET_MS = 10_000;

/**
 * Warnings that thousands of devices can cause at once: each event is written at most once in ten seconds, with the
 * number of those left out since.
 * @param monotonic ms
 */
export function createQuietWarn(log: EventLog, monotonic: () => number): (fields: object, event: string) => void {
  const written = new Map<string, { at: number; leftOut: number }>();
  return (fields, event) => {
    const last = written.get(event);
    const now = monotonic();
    if (last !== undefined && now - last.at < QUIET_MS) {
      last.leftOut += 1;
      return;
    }
    written.set(event, { at: now, leftOut: 0 });
    log.warn(last === undefined || last.leftOut === 0 ? fields : { ...fields, leftOut: last.leftOut }, event);
  };
}
