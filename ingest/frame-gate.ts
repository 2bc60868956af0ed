/**
 * Stands between a socket and Aedes and hands on complete, admissible packets only.
 *
 * Aedes by itself buffers a packet of up to 256 MB before anyone may look at it, takes packets before the client is
 * known, and reads on while storage is slow. It takes its bytes by `socket.read()`, so that is what is replaced:
 * before CONNACK exactly one CONNECT passes; a PUBLISH over the limit is refused on its first bytes; packets that a
 * publisher has no use for never reach the parser; and while the budget is used up nothing is read at all.
 */
import type { Socket } from 'node:net';
import type { ByteBudget } from './byte-budget.ts';
import { KEPT_PAYLOAD_BYTES, MAX_PAYLOAD_BYTES, type Limits } from './limits.ts';
import type { RefusalReason } from './metrics.ts';
import {
  CONNECT,
  DISCONNECT,
  PINGREQ,
  PUBLISH,
  SUBSCRIBE,
  UNSUBSCRIBE,
  isSoundPublish,
  longPublishNeeds,
  publishHeadBytes,
  readFrame,
  readLongPublish,
  type Frame,
  type LongPublish,
} from './mqtt-frame.ts';

type Fault = Extract<RefusalReason, 'protocol' | 'qos' | 'payload-too-long'>;

export interface GateOptions {
  readonly limits: Pick<Limits, 'requestBytes' | 'packetMs'>;
  readonly budget: ByteBudget;
  /** Called once at most, when what came before the fault has been answered; the gate lets nothing through after it. */
  readonly refuse: (reason: RefusalReason) => void;
  /** The same for a payload over the limit, which the endpoint records. */
  readonly refuseLong: (publish: LongPublish) => void;
}

/** Why a connection is not read for now; bits. */
export const WINDOW_FULL = 1;
export const RATE_EXCEEDED = 2;

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
  /** What was read and not handed on, its length, and how much of it makes the next step possible. */
  #parts: Buffer[] = [];
  #bytes = 0;
  #needed = 1;
  /** Length of the packet that has begun; taken from the budget, so that it can always be completed. */
  #reserved = 0;
  #timer: NodeJS.Timeout | undefined;

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
    this.#parts = [];
    this.#bytes = 0;
    this.#release();
    this.#options.budget.leave(this.#wake);
  }

  pause(why: number): void {
    this.#pauses |= why;
  }

  resume(why: number): void {
    if ((this.#pauses & why) === 0) return;
    this.#pauses &= ~why;
    this.#wake();
  }

  #read(): Buffer | null {
    if (this.#phase === 'held' || this.#phase === 'shut') return null;
    if (this.#fault !== undefined) return this.#stop(this.#fault);
    if (!this.#mayRead()) return null;
    this.#pull();
    if (this.#bytes === 0 || this.#bytes < this.#needed) return null;
    const bytes = this.#joined();
    const end = this.#scan(bytes);
    this.#keep(bytes, end);
    if (end > 0) return bytes.subarray(0, end);
    return this.#fault === undefined ? null : this.#stop(this.#fault);
  }

  #mayRead(): boolean {
    // A packet that has begun has its bytes reserved: waiting would only hold them longer.
    if (this.#phase === 'connect' || this.#reserved > 0) return true;
    if (this.#pauses !== 0) return false;
    if (this.#options.budget.open) return true;
    this.#options.budget.wait(this.#wake);
    return false;
  }

  #pull(): void {
    const chunk = this.#readRaw();
    if (chunk === null) return;
    this.#parts.push(chunk);
    this.#bytes += chunk.length;
  }

  #joined(): Buffer {
    const [first] = this.#parts;
    return this.#parts.length === 1 && first !== undefined ? first : Buffer.concat(this.#parts, this.#bytes);
  }

  #keep(bytes: Buffer, from: number): void {
    this.#bytes = bytes.length - from;
    // A copy of a short rest, because a slice would hold on to all that was read.
    const rest = bytes.subarray(from);
    this.#parts = this.#bytes === 0 ? [] : [this.#bytes * 2 < bytes.length ? Buffer.from(rest) : rest];
  }

  /** Where the last packet ends that may be handed on. */
  #scan(bytes: Buffer): number {
    let at = 0;
    while (at < bytes.length) {
      const frame = readFrame(bytes, at);
      const verdict = typeof frame === 'string' ? frame : this.#judge(bytes, frame);
      if (verdict === 'incomplete') return this.#expect(bytes.length - at + 1, at);
      if (typeof frame === 'string' || verdict !== undefined) {
        this.#fault = verdict === undefined || verdict === 'malformed' ? 'protocol' : verdict;
        // Of a payload that is too long its beginning is awaited, no longer than any packet.
        return this.#fault === 'payload-too-long' ? this.#reserve(KEPT_PAYLOAD_BYTES, at) : this.#expect(1, at);
      }
      if (frame.end > bytes.length) return this.#reserve(frame.end - at, at);
      at = frame.end;
      if (this.#phase === 'connect') {
        this.#phase = 'held';
        break;
      }
    }
    return this.#expect(1, at);
  }

  #judge(bytes: Buffer, frame: Frame): Fault | 'incomplete' | undefined {
    const size = frame.end - frame.bodyAt;
    const { requestBytes } = this.#options.limits;
    if (this.#phase === 'connect') return frame.type === CONNECT && size <= requestBytes ? undefined : 'protocol';
    switch (frame.type) {
      case PUBLISH:
        return judgePublish(bytes, frame);
      case SUBSCRIBE:
      case UNSUBSCRIBE:
        return size <= requestBytes ? undefined : 'protocol';
      case PINGREQ:
      case DISCONNECT:
        return size === 0 ? undefined : 'protocol';
      default:
        return 'protocol';
    }
  }

  #expect(bytes: number, at: number): number {
    this.#release();
    this.#needed = bytes;
    return at;
  }

  #reserve(bytes: number, at: number): number {
    this.#release();
    this.#needed = bytes;
    this.#reserved = bytes;
    this.#options.budget.take(bytes);
    this.#timer = setTimeout(() => this.#giveUp('packet-timeout'), this.#options.limits.packetMs);
    return at;
  }

  #release(): void {
    if (this.#reserved === 0) return;
    clearTimeout(this.#timer);
    this.#options.budget.give(this.#reserved);
    this.#reserved = 0;
  }

  /** All before the fault has been handed on and answered, because Aedes asks for more. */
  #stop(fault: Fault): null {
    if (fault !== 'payload-too-long') return this.#giveUp(fault);
    this.#pull();
    const bytes = this.#joined();
    const frame = readFrame(bytes, 0);
    if (typeof frame === 'string') return this.#giveUp('protocol');
    if (bytes.length < longPublishNeeds(bytes, frame, KEPT_PAYLOAD_BYTES)) return null;
    const publish = readLongPublish(bytes, frame, KEPT_PAYLOAD_BYTES);
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

function judgePublish(bytes: Buffer, frame: Frame): Fault | 'incomplete' | undefined {
  if (frame.qos === 3) return 'protocol';
  if (frame.qos !== 1) return 'qos';
  const size = frame.end - frame.bodyAt;
  if (size > MAX_PAYLOAD_BYTES) {
    const head = publishHeadBytes(bytes, frame);
    if (head === undefined) return 'incomplete';
    if (size - head > MAX_PAYLOAD_BYTES) return 'payload-too-long';
  }
  return frame.end > bytes.length || isSoundPublish(bytes, frame) ? undefined : 'protocol';
}
