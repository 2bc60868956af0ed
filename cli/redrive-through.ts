import type { RedriveOutcome } from '../api/deps.ts';
import type { DeadLetter } from '../contracts/ports/detection-store.ts';
import type { Log } from '../contracts/ports/log.ts';
import type { Registry } from '../contracts/registry/registry.ts';
import { redrive } from '../ingest/redrive.ts';

/** Sends dead letters through ingest again, as it is now. */
export function redriveThrough(
  log: Pick<Log, 'append'>,
  registry: () => Registry,
  now: () => number,
): (letter: DeadLetter, by: string) => Promise<RedriveOutcome> {
  return async (letter, by) => {
    const entries = redrive(letter, { by, received: now(), registry: registry() });
    await log.append(entries);
    const rejections = entries.flatMap((entry) =>
      entry.kind === 'dead' ? [{ reason: entry.reason, detail: entry.detail }] : [],
    );
    return { accepted: entries.filter((entry) => entry.kind === 'report').length, rejections };
  };
}
