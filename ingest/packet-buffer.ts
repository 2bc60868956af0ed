/** Bytes that came in and were not handed on yet. Joins chunks only when a packet needs it: linear in what came in. */
const EMPTY = Buffer.alloc(0);

export class PacketBuffer {
  /** From `#at` in the first part on. */
  #parts: Buffer[] = [];
  #at = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  add(chunk: Buffer): void {
    this.#parts.push(chunk);
    this.#length += chunk.length;
  }

  /** All of it. */
  peek(): Buffer {
    const [first = EMPTY] = this.#parts;
    if (this.#parts.length < 2) return this.#at === 0 ? first : first.subarray(this.#at);
    const rest = Buffer.concat([first.subarray(this.#at), ...this.#parts.slice(1)], this.#length);
    this.#parts = [rest];
    this.#at = 0;
    return rest;
  }

  /** Hands on the first bytes, which must have been peeked at. */
  take(bytes: number): Buffer {
    const [first = EMPTY] = this.#parts;
    const taken = first.subarray(this.#at, this.#at + bytes);
    this.#at += bytes;
    this.#length -= bytes;
    if (this.#length === 0) this.clear();
    return taken;
  }

  clear(): void {
    this.#parts = [];
    this.#at = 0;
    this.#length = 0;
  }
}
