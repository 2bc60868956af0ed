/**
 * The clock of silence: every ten seconds each ingest process says that reports are taken in. Where that was not said for
 * a minute, because no process lived or Kafka was away, it is said before anything else that nobody listened: the
 * devices are not to blame for the silence before. Until it stands in the log nothing is taken in.
 */
import { UnavailableError } from '../../contracts/errors.ts';

export interface IntakeTicksOptions {
  /** Appends a tick to all partitions. */
  readonly tick: () => Promise<void>;
  /** Says so in each partition that had no intake for {@link gapMs}. */
  readonly tellGaps: () => Promise<void>;
  readonly gapMs: number;
  /** Told of the first of several failures in a row. */
  readonly failed: (error: unknown) => void;
  /** Ms; passes evenly. */
  readonly monotonic?: () => number;
  readonly everyMs?: number;
  /** After a failure. */
  readonly againMs?: number;
}

export interface IntakeTicks {
  /** @throws UnavailableError while it is not sure that the log knows of all times without intake */
  expectContinuous(): void;
  /** Ms since a tick that is durable was sent. */
  age(): number;
  stop(): void;
}

const EVERY_MS = 10_000;
const AGAIN_MS = 1_000;

class TickKeeper implements IntakeTicks {
  readonly #options: IntakeTicksOptions;
  readonly #monotonic: () => number;
  #lastAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;
  #isTold = false;

  constructor(options: IntakeTicksOptions) {
    this.#options = options;
    this.#monotonic = options.monotonic ?? ((): number => performance.now());
  }

  expectContinuous(): void {
    if (this.age() <= this.#options.gapMs) return;
    throw new UnavailableError('Kafka was away: nothing is taken in until the log says so');
  }

  age(): number {
    return this.#monotonic() - this.#lastAt;
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  /** @throws what `tick` and `tellGaps` throw */
  async beat(): Promise<void> {
    const { tick, tellGaps, gapMs } = this.#options;
    if (this.age() > gapMs) await tellGaps();
    const sentAt = this.#monotonic();
    await tick();
    this.#lastAt = sentAt;
    this.#isTold = false;
  }

  schedule(afterMs: number): void {
    if (this.#isStopped) return;
    this.#timer = setTimeout(() => void this.#beatAndSchedule(), afterMs);
  }

  async #beatAndSchedule(): Promise<void> {
    const { everyMs = EVERY_MS, againMs = AGAIN_MS, failed } = this.#options;
    try {
      await this.beat();
      this.schedule(everyMs);
    } catch (error) {
      if (!this.#isTold) failed(error);
      this.#isTold = true;
      this.schedule(againMs);
    }
  }
}

/** @throws UnavailableError where the first tick cannot be written */
export async function startIntakeTicks(options: IntakeTicksOptions): Promise<IntakeTicks> {
  const ticks = new TickKeeper(options);
  await ticks.beat();
  ticks.schedule(options.everyMs ?? EVERY_MS);
  return ticks;
}
