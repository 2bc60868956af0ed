/** The live part of a simulation: everything that is due goes out at its moment, whatever the network does to it. */
import { setImmediate as breathe } from 'node:timers/promises';
import { DAY_MS, MINUTE_MS } from '../../contracts/time/instant.ts';
import type { DeviceCursor, SentReport } from '../device-reports.ts';
import { MomentQueue } from '../moment-queue.ts';
import type { Network } from '../network.ts';
import { CatchUp } from './catch-up.ts';
import type { SimulationClock } from './clock.ts';
import type { Sender } from './sender.ts';

type Due =
  | { readonly kind: 'device'; readonly sender: Sender; readonly cursor: DeviceCursor; readonly epoch: number }
  | { readonly kind: 'straggler'; readonly sender: Sender; readonly report: SentReport }
  | { readonly kind: 'network'; readonly senders: readonly Sender[] };

/** What becomes due meanwhile is looked for this often. */
const LONGEST_WAIT_MS = 100;
/** What is due at once is done in pieces of this size, so that sockets are read in between. */
const PIECE = 400;
/** A client that lost its connection sends what it missed in pieces of this length. */
const WINDOW_MS = 10 * MINUTE_MS;
/** After an outage a site connects within this time. */
const RETURN_MS = 20_000;

export class LivePlayer {
  readonly #clock: SimulationClock;
  readonly #network: Network;
  readonly #signal: AbortSignal;
  readonly #catchUp: CatchUp;
  readonly #due = new MomentQueue<Due>();
  #rank = 0;

  constructor(clock: SimulationClock, network: Network, signal: AbortSignal) {
    this.#clock = clock;
    this.#network = network;
    this.#signal = signal;
    this.#catchUp = new CatchUp(clock, signal);
  }

  /** Takes the clients of a site. They send their stores in step, and go on live each by itself. */
  add(senders: readonly Sender[], windowMs: number, onLive: () => void): void {
    const onDone = (): void => {
      for (const sender of senders) this.#goLive(sender);
      onLive();
    };
    this.#catchUp.add({ senders, windowMs, onDone });
    if (this.#network.hasOutages) this.#push(this.#clock.now(), { kind: 'network', senders });
  }

  /** A client is connected. */
  up(sender: Sender): void {
    this.#catchUp.up(sender);
  }

  /** Plays until the signal. */
  async run(): Promise<void> {
    while (!this.#signal.aborted) {
      await this.#clock.waitUntil(Math.min(this.#due.nextAt, this.#clock.now() + LONGEST_WAIT_MS), this.#signal);
      for (let count = 0; count < PIECE && this.#due.nextAt <= this.#clock.now(); count += 1) {
        const due = this.#due.pop();
        if (due !== undefined && !this.#signal.aborted) this.#act(due);
      }
      await breathe();
    }
  }

  #push(at: number, due: Due): void {
    this.#due.push(at, this.#rank, due);
    this.#rank += 1;
  }

  #goLive(sender: Sender): void {
    sender.isLive = true;
    sender.epoch += 1;
    const { epoch } = sender;
    for (const cursor of sender.cursors) this.#push(cursor.nextAt, { kind: 'device', sender, cursor, epoch });
  }

  #store(sender: Sender): void {
    sender.isLive = false;
    this.#catchUp.add({ senders: [sender], windowMs: WINDOW_MS, onDone: () => this.#goLive(sender) });
  }

  #act(due: Due): void {
    if (due.kind === 'network') this.#weather(due.senders);
    else if (due.kind === 'straggler') due.sender.send([due.report], this.#clock.lateBefore());
    else if (due.sender.isLive && due.epoch === due.sender.epoch) {
      if (due.sender.isBlocked) this.#store(due.sender);
      else this.#play(due);
    }
  }

  #play(due: Extract<Due, { kind: 'device' }>): void {
    const { sender, cursor } = due;
    const lateBefore = this.#clock.lateBefore();
    for (const report of cursor.take()) {
      const { lateMs, againMs } = this.#network.fateOf(sender.site, report.at);
      const straggler = { kind: 'straggler', sender, report } as const;
      if (lateMs > 0) this.#push(report.at + lateMs, straggler);
      else sender.send([report], lateBefore);
      if (againMs !== undefined) this.#push(report.at + againMs, straggler);
    }
    this.#push(cursor.nextAt, due);
  }

  /** Begins or ends the outage of a site, and looks for the next. */
  #weather(senders: readonly Sender[]): void {
    const now = this.#clock.now();
    const site = senders[0]?.site ?? '';
    const outage = this.#network.outageAt(site, now);
    for (const { publisher } of senders) {
      if (outage === undefined) publisher.mend((this.#network.fateShare(site, now) * RETURN_MS) / this.#clock.speed);
      else publisher.cut();
    }
    const [next] = outage === undefined ? this.#network.outagesIn(site, { fromAt: now, toAt: now + DAY_MS }) : [];
    this.#push(outage?.toAt ?? next?.fromAt ?? now + DAY_MS, { kind: 'network', senders });
  }
}
