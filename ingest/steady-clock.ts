/**
 * The receiver's clock where the machine's own is set by a large step, by hand or after the machine was suspended.
 *
 * Between two steps time passes as the processor counts it. After a step there are two opinions: what the clock shows
 * now, and what it would show had it not been set. Nobody here can know which is right, but the devices can: their
 * fresh reports say what time it is. So nothing is stamped until some of them have spoken; then the opinion that they
 * share holds. Where they side with the clock as it was, the machine's clock is not followed
 * until they change their mind or it comes back.
 *
 * Time never goes back: where the clock was ahead, time passes at half its speed until it is caught up with.
 */
import type { LogEntry } from '../contracts/log-record.ts';
import { parseClockDuration } from '../contracts/time/duration.ts';
import { MINUTE_MS, parseInstant } from '../contracts/time/instant.ts';

/** Below it a step is followed: that is how time services correct a clock. */
const STEP_MS = MINUTE_MS;
/** How long is waited for more devices once one has reported; less than the time after which a message is given up. */
const DOUBT_MS = 10_000;
/** Where none reports, the clock is believed after this time: after a start they take a while to come back. */
const QUIET_MS = 5 * MINUTE_MS;
/** A device that is further from both opinions has no say. */
const AGREES_MS = 5 * MINUTE_MS;
const ENOUGH_DEVICES = 3;
const MAJORITY = 0.8;
/** How fast time passes while it is ahead of the clock. */
const SLOW = 0.5;
/** Devices whose opinion is kept. */
const MOST_DEVICES = 1_000;

export interface SteadyClockOptions {
  /** What the machine's clock shows, epoch ms; `Date.now`. */
  readonly wall: () => number;
  /** Time that passes whatever the clock is set to, ms; `performance.now`. */
  readonly monotonic: () => number;
  /** Receipt of the last record of the log: time never was less. */
  readonly floor: number;
  readonly onStep?: (step: ClockStep) => void;
}

export interface ClockStep {
  /** `suspected`: the clock was set; then what the devices decided. */
  readonly what: 'suspected' | 'followed' | 'not-followed' | 'taken-back';
  /** By how much, ms; negative is backwards. */
  readonly stepMs: number;
  /** Devices that side with the clock as it shows, and as it was. */
  readonly withClock: number;
  readonly against: number;
}

type Opinion = 'wall' | 'steady';

export class SteadyClock {
  readonly #options: SteadyClockOptions;
  readonly #opinions = new Map<string, Opinion>();
  /** Wall clock minus monotonic time, as believed. */
  #offset: number;
  /** The last reading that was given out, and when. */
  #last: number;
  #lastAt: number;
  /** Since when two opinions are compared; undefined while the clock is followed. */
  #doubtSince: number | undefined;
  /** The devices sided with the clock as it was. */
  #isDistrusted = false;
  /** When the first report of it was heard. */
  #heardAt: number | undefined;
  #jumped = false;

  constructor(options: SteadyClockOptions) {
    this.#options = options;
    this.#lastAt = options.monotonic();
    this.#last = options.floor;
    // A clock behind the log is compared with the log's own time.
    this.#offset = Math.max(options.wall(), options.floor) - this.#lastAt;
  }

  /** Epoch ms; never less than before. */
  readonly now = (): number => {
    this.#look();
    const at = this.#options.monotonic();
    const believed = at + this.#offset;
    const passed = Math.max(0, at - this.#lastAt);
    this.#lastAt = at;
    this.#last = believed >= this.#last ? believed : this.#last + passed * SLOW;
    return Math.floor(this.#last);
  };

  /** True while nothing should be stamped: two opinions, and no decision. */
  isInDoubt(): boolean {
    this.#look();
    return this.#doubtSince !== undefined && !this.#isDistrusted;
  }

  /** True once after time has jumped ahead: nobody listened in between. */
  takeJump(): boolean {
    const jumped = this.#jumped;
    this.#jumped = false;
    return jumped;
  }

  /** Lets the devices speak that these entries come from; does nothing while the clock is followed. */
  hear(entries: readonly LogEntry[]): void {
    if (this.#doubtSince === undefined) return;
    const { wall, monotonic } = this.#options;
    const opinions = { wall: wall(), steady: monotonic() + this.#offset };
    for (const entry of entries) {
      if (entry.kind !== 'report') continue;
      this.#heardAt ??= monotonic();
      const endAt = freshEnd(entry.body);
      if (endAt !== undefined) this.#count(`${entry.site}/${entry.device}`, endAt, opinions);
    }
    this.#look();
  }

  #count(device: string, endAt: number, { wall, steady }: Record<Opinion, number>): void {
    const [fromWall, fromSteady] = [Math.abs(endAt - wall), Math.abs(endAt - steady)];
    if (Math.min(fromWall, fromSteady) > AGREES_MS) return;
    if (this.#opinions.size >= MOST_DEVICES && !this.#opinions.has(device)) return;
    this.#opinions.set(device, fromWall < fromSteady ? 'wall' : 'steady');
  }

  #look(): void {
    const { wall, monotonic } = this.#options;
    const at = monotonic();
    const stepMs = wall() - (at + this.#offset);
    if (Math.abs(stepMs) <= STEP_MS) {
      if (this.#doubtSince !== undefined) this.#settle('taken-back', stepMs);
      this.#offset += stepMs;
    } else if (this.#doubtSince === undefined) {
      this.#doubtSince = at;
      this.#tell('suspected', stepMs);
    } else {
      const isLong = at - this.#doubtSince >= QUIET_MS || at - (this.#heardAt ?? at) >= DOUBT_MS;
      this.#decide(stepMs, isLong);
    }
  }

  #decide(stepMs: number, isLong: boolean): void {
    const { size } = this.#opinions;
    const withClock = this.#share('wall');
    const isDecided = size >= ENOUGH_DEVICES && Math.max(withClock, size - withClock) >= MAJORITY * size;
    if (this.#isDistrusted) {
      if (isDecided && withClock * 2 > size) this.#follow(stepMs);
    } else if (isDecided || isLong) {
      // Where nobody speaks there is nobody to contradict the clock either.
      if (withClock * 2 >= size) this.#follow(stepMs);
      else {
        this.#isDistrusted = true;
        this.#tell('not-followed', stepMs);
      }
    }
  }

  #follow(stepMs: number): void {
    this.#offset += stepMs;
    if (stepMs > 0) this.#jumped = true;
    this.#settle('followed', stepMs);
  }

  #settle(what: ClockStep['what'], stepMs: number): void {
    this.#tell(what, stepMs);
    this.#doubtSince = undefined;
    this.#isDistrusted = false;
    this.#heardAt = undefined;
    this.#opinions.clear();
  }

  #share(opinion: Opinion): number {
    let count = 0;
    for (const held of this.#opinions.values()) if (held === opinion) count += 1;
    return count;
  }

  #tell(what: ClockStep['what'], stepMs: number): void {
    const withClock = this.#share('wall');
    this.#options.onStep?.({ what, stepMs, withClock, against: this.#opinions.size - withClock });
  }
}

/** When a report that was not stored by its device ends: about now, by the device's clock. */
function freshEnd(body: string): number | undefined {
  const { ts, period, resent } = JSON.parse(body) as { ts: string; period?: string; resent?: boolean };
  if (resent === true) return undefined;
  const start = parseInstant(ts);
  const periodMs = period === undefined ? 0 : parseClockDuration(period);
  return Number.isNaN(start) || periodMs === undefined ? undefined : start + periodMs;
}
