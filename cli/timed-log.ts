/** The log with the receiver's clock: nothing is stamped while it is in doubt what time it is. */
import { UnavailableError } from '../contracts/errors.ts';
import type { Log } from '../contracts/ports/log.ts';
import { SteadyClock, type ClockStep } from '../ingest/steady-clock.ts';

/** Where time comes from. */
export interface MachineClock {
  /** Epoch ms; may be set. */
  readonly wall: () => number;
  /** Passes evenly, ms. */
  readonly monotonic: () => number;
}

export const MACHINE: MachineClock = { wall: Date.now, monotonic: () => performance.now() };

export interface TimedAppends extends Pick<Log, 'append'> {
  /** The receiver's clock, epoch ms; never less than before, nor than the log's end. */
  readonly now: () => number;
  /** True while nothing is stamped, because it is in doubt what time it is. */
  readonly isInDoubt: () => boolean;
}

export interface TimedLog extends Log, TimedAppends {}

interface StepLog {
  warn(fields: object, event: string): void;
}

async function lastReceived(log: Log): Promise<number> {
  const { next } = await log.bounds();
  const [last] = next === 0 ? [] : await log.read(next - 1, 1);
  return last?.received ?? 0;
}

/**
 * Appends with a steady clock.
 * @param floor the latest receive time that stands in the log
 */
export function timeAppends(
  log: Pick<Log, 'append'>,
  { wall, monotonic }: MachineClock,
  floor: number,
  logger: StepLog,
): TimedAppends {
  const onStep = ({ what, ...step }: ClockStep): void => {
    logger.warn(step, `clock.step.${what}`);
  };
  const clock = new SteadyClock({ wall, monotonic, floor, onStep });
  return {
    now: clock.now,
    isInDoubt: () => clock.isInDoubt(),
    async append(entries) {
      clock.hear(entries);
      if (clock.isInDoubt()) {
        throw new UnavailableError(
          "The machine's clock was set; nothing is taken in for some seconds, until the devices have told the time.",
        );
      }
      if (!clock.takeJump()) return log.append(entries);
      // What was stamped before the decision is lifted to this by the log.
      const jumped = log.append([{ kind: 'tick', received: clock.now(), restarted: true }]);
      const [, first] = await Promise.all([jumped, log.append(entries)]);
      return first;
    },
  };
}

export async function createTimedLog(log: Log, clock: MachineClock = MACHINE, logger: StepLog): Promise<TimedLog> {
  return {
    ...timeAppends(log, clock, await lastReceived(log), logger),
    read: (fromOffset, limit) => log.read(fromOffset, limit),
    readSite: (site, fromOffset, toOffset) => log.readSite(site, fromOffset, toOffset),
    bounds: () => log.bounds(),
  };
}
