/**
 * Stands between a socket and Aedes and hands on complete, admissible packets only, one at a time.
 *
 * Aedes by itself buffers a packet of up to 256 MB before anyone may look at it, takes packets before the client is
 * known, and of one connection reads on either not at all (not even a PINGREQ) or without bound while storage is slow.
 * It takes its bytes by `socket.read()`, so that is what is replaced: before CONNACK exactly one CONNECT passes; a
 * PUBLISH over the limit is refused on its first bytes; packets that a publisher has no use for never reach the
 * parser; and while too much waits nothing is read at all.
 */
import type { Socket } from 'node:net';
import type { ByteBudget } from './byte-budget.ts';
import { judgePacket, type Fault } from './judge-packet.ts';
import { KEPT_PAYLOAD_BYTES, type Limits } from './limits.ts';
import type { RefusalReason } from './metrics.ts';
import { PUBLISH, readFrame, readRefusedPublish, refusedPublishNeeds, type RefusedPublish } from './mqtt-frame.ts';
import { PacketBuffer } from './packet-buffer.ts';

export interface GateOptions {
  readonly limits: Pick<Limits, 'requestBytes' | 'packetMs'>;
  /** Messages that wait for storage, of all connections. */
  readonly waiting: ByteBudget;
  /** Long packets that have begun, of all connections: those who never go on must not stop those who send short ones. */
  readonly begun: ByteBudget;
  /** Called once at most; the gate lets nothing through after it. */
  readonly refuse: (reason: RefusalReason) => void;
  /** The same for a payload over the limit, which the endpoint records. */
  readonly refuseLong: (publish: RefusedPublish) => void;
}

/** Why a connection is not read for now; bits. */
export const WINDOW_FULL = 1;
export const RATE_EXCEEDED = 2;

/** Longer packets wait for room before they are read on. */
const SHORT_BYTES = 16_384;

/** What must come of a begun packet, or its end, within `packetMs`. */
const PROGRESS_BYTES = 16_384;

/** More than this of a connection that is being closed is not taken in. */
const DISCARDED_BYTES = 262_144;

export class FrameGate {
  readonly #socket: Socket;
  readonly #options: GateOptions;
  readonly #readRaw: () => Buffer | null;
  readonly #wake = (): void => {
    if (this.#phase === 'open' && this.#pauses === 0) this.#socket.emit('readable');
  };
  #phase: 'connect' | 'held' | 'open' | 'shut' = 'connect';
  #pauses = 0;
  #fault: Fault | undefined;
  /** What was read and not handed on. */
  readonly #unread = new PacketBuffer();
  /** How many of these bytes make the next step possible. */
  #needed = 1;
  /** Length of the long packet that has begun and has no room yet. */
  #wanted = 0;
  /** Length of the long packet that has begun and has room: it can always be completed. */
  #reserved = 0;
  /** Bytes read when the time for them began. */
  #timedFrom = 0;
  #timer: NodeJS.Timeout | undefined;
  #pumping = false;
  /** What was handed on last. */
  #last: Buffer | undefined;

  constructor(socket: Socket, options: GateOptions) {
    this.#socket = socket;
    this.#options = options;
    const read = socket.read.bind(socket) as (size?: number) => Buffer | null;
    this.#readRaw = () => read();
    // `read(0)` is how streams start reading from the socket; it takes nothing.
    socket.read = (size?: number) => (size === 0 ? read(0) : this.#read());
  }

  /** The client is known: packets behind CONNECT may pass. */
  open(): void {
    if (this.#phase === 'held') this.#phase = 'open';
    this.#wake();
  }

  /** Lets nothing through any more and gives back what it holds. */
  shut(): void {
    this.#phase = 'shut';
    this.#unread.clear();
    this.#release();
    this.#options.waiting.leave(this.#wake);
    this.#options.begun.leave(this.#wake);
  }

  /**
   * Takes in and forgets what still comes, so that the client sees our last words and then the end: a socket that is
   * closed with bytes unread is reset, and a reset throws away what the client has not read yet.
   */
  discard(): void {
    this.shut();
    let left = DISCARDED_BYTES;
    this.#socket.on('readable', () => {
      const chunk = this.#readRaw();
      left -= chunk?.length ?? 0;
      if (left < 0) this.#socket.destroy();
    });
    this.#readRaw();
  }

  /** The packet that was handed on last, where it is a PUBLISH. */
  lastPublish(): RefusedPublish | undefined {
    const bytes = this.#last;
    const frame = bytes === undefined ? 'incomplete' : readFrame(bytes);
    if (bytes === undefined || typeof frame === 'string' || frame.type !== PUBLISH) return undefined;
    return readRefusedPublish(bytes, frame, bytes.length);
  }

  pause(why: number): void {
    this.#pauses |= why;
  }

  resume(why: number): void {
    if ((this.#pauses & why) === 0) return;
    this.#pauses &= ~why;
    this.#wake();
  }

  /** The next packet, when it is there and may pass. */
  #read(): Buffer | null {
    if (this.#phase === 'held' || this.#phase === 'shut') return null;
    if (this.#fault !== undefined) return this.#stop(this.#fault);
    let packet: Buffer | null;
    do {
      if (!this.#mayRead()) return null;
      packet = this.#cut();
    } while (packet === null && this.#fault === undefined && this.#pull());
    if (packet === null) return this.#fault === undefined ? null : this.#stop(this.#fault);
    if (this.#unread.length > 0) this.#pumpSoon();
    this.#last = packet;
    return packet;
  }

  /** Aedes asks again when it has handled a packet, and that is when storage has; the next one need not wait for it. */
  #pumpSoon(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    queueMicrotask(() => {
      let before: number;
      do {
        before = this.#unread.length;
        this.#wake();
      } while (this.#unread.length > 0 && this.#unread.length !== before);
      this.#pumping = false;
    });
  }

  #mayRead(): boolean {
    // A long packet with room is read to its end whatever else holds: waiting would only take the room longer.
    if (this.#phase === 'connect' || this.#reserved > 0) return true;
    if (this.#wanted > 0) return this.#reserve();
    if (this.#pauses !== 0) return false;
    if (this.#options.waiting.open) return true;
    this.#options.waiting.wait(this.#wake);
    return false;
  }

  #reserve(): boolean {
    const { begun } = this.#options;
    if (!begun.open) {
      begun.wait(this.#wake);
      return false;
    }
    this.#reserved = this.#wanted;
    this.#wanted = 0;
    begun.take(this.#reserved);
    return true;
  }

  #pull(): boolean {
    const chunk = this.#readRaw();
    if (chunk === null) return false;
    this.#unread.add(chunk);
    if (this.#unread.length - this.#timedFrom >= PROGRESS_BYTES) this.#time();
    return true;
  }

  #cut(): Buffer | null {
    if (this.#unread.length < this.#needed) return null;
    const bytes = this.#unread.peek();
    const frame = readFrame(bytes);
    if (frame === 'malformed') return this.#failed('protocol');
    if (frame === 'incomplete') return this.#expect(bytes.length + 1);
    const first = this.#phase === 'connect';
    const verdict = judgePacket(bytes, frame, { first, requestBytes: this.#options.limits.requestBytes });
    if (verdict === 'incomplete') return this.#expect(bytes.length + 1);
    if (verdict !== undefined) return this.#failed(verdict);
    if (frame.end > bytes.length) return this.#begin(frame.end);
    if (first) this.#phase = 'held';
    this.#expect(1);
    return this.#unread.take(frame.end);
  }

  #failed(fault: Fault): null {
    this.#fault = fault;
    // Of a payload that is too long its beginning is awaited, no longer than any packet.
    return fault === 'payload-too-long' ? this.#begin(KEPT_PAYLOAD_BYTES) : this.#expect(1);
  }

  #expect(bytes: number): null {
    this.#release();
    this.#needed = bytes;
    return null;
  }

  /** A packet of so many bytes has begun. */
  #begin(bytes: number): null {
    this.#expect(bytes);
    this.#timer = setTimeout(() => this.#timedOut(), this.#options.limits.packetMs);
    this.#time();
    if (bytes <= SHORT_BYTES) return null;
    this.#wanted = bytes;
    this.#reserve();
    return null;
  }

  #time(): void {
    this.#timedFrom = this.#unread.length;
    this.#timer?.refresh();
  }

  #timedOut(): void {
    // Not the client's fault while we do not read.
    if (this.#wanted > 0 || this.#pauses !== 0 || !this.#options.waiting.open) this.#timer?.refresh();
    else this.#giveUp('packet-timeout');
  }

  #release(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#wanted = 0;
    if (this.#reserved === 0) return;
    this.#options.begun.give(this.#reserved);
    this.#reserved = 0;
  }

  #stop(fault: Fault): null {
    if (fault !== 'payload-too-long') return this.#giveUp(fault);
    this.#pull();
    const bytes = this.#unread.peek();
    const frame = readFrame(bytes);
    if (typeof frame === 'string') return this.#giveUp('protocol');
    if (bytes.length < refusedPublishNeeds(bytes, frame, KEPT_PAYLOAD_BYTES)) return null;
    const publish = readRefusedPublish(bytes, frame, KEPT_PAYLOAD_BYTES);
    this.shut();
    this.#options.refuseLong(publish);
    return null;
  }

  #giveUp(reason: RefusalReason): null {
    this.shut();
    this.#options.refuse(reason);
    return null;
  }
}
