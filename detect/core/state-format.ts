/**
 * The format of what the detector saves: states of sites, their snapshots, and what all sites share.
 *
 * Raise it, once for a release, with a change after which an older program would read a saved state wrongly or lose a
 * part of it: a slot that is added, renamed, or means something else. An older format is completed when it is read, never dropped:
 * arrivals and findings that stand cannot be made again from a log that retention may have shortened. What
 * `completeEventState` does not do by itself (a slot that is renamed or recounted) belongs there, by the number saved.
 */
import { ConfigError } from '../../contracts/errors.ts';

/** Saved before there were numbers: read as 0. */
export const STATE_FORMAT = 1;

/** Part of each saved text. */
export interface Formatted {
  readonly format?: number;
}

/**
 * Two versions may meet on one store: after a downgrade, or while processes are brought up to date one by one.
 * @param what was read: "the snapshot base/works-a/…"
 * @throws ConfigError of a newer format, which this version would read wrongly
 */
export function expectKnownFormat({ format = 0 }: Formatted, what: string): void {
  if (format <= STATE_FORMAT) return;
  throw new ConfigError([
    `${what} has state format ${String(format)}, this program knows up to ${String(STATE_FORMAT)}: it was written by a ` +
      'newer stackwarden. Install that version, or restore a backup from before the upgrade.',
  ]);
}
