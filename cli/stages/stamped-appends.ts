/** Appends of what people enter, with a steady clock: nothing is stamped while it is in doubt what time it is. */
import { UnavailableError } from '../../contracts/errors.ts';
import type { Log } from '../../contracts/ports/log.ts';
import { SteadyClock, type ClockStep } from '../../ingest/steady-clock.ts';

export interface StampedAppends extends Pick<Log, 'append'> {
  /** Epoch ms; never less than before. */
  readonly now: () => number;
}

interface StepLog {
  warn(fields: object, event: string): void;
}

export function stampAppends(log: Pick<Log, 'append'>, logger: StepLog): StampedAppends {
  const onStep = ({ what, ...step }: ClockStep): void => {
    logger.warn(step, `clock.step.${what}`);
  };
  const clock = new SteadyClock({ wall: Date.now, monotonic: () => performance.now(), floor: 0, onStep });
  return {
    now: clock.now,
    async append(entries) {
      if (!clock.isInDoubt()) return log.append(entries);
      throw new UnavailableError("The machine's clock was set; nothing is entered for some minutes.");
    },
  };
}
