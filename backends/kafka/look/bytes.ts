/** Kafka's own encoding, as far as the questions of a look need it: big-endian numbers, texts and lists with a length. */

/** Puts a request's fields behind each other. */
export class ByteWriter {
  readonly #parts: Buffer[] = [];

  int8(value: number): this {
    return this.#add(1, (part) => part.writeInt8(value));
  }

  int16(value: number): this {
    return this.#add(2, (part) => part.writeInt16BE(value));
  }

  int32(value: number): this {
    return this.#add(4, (part) => part.writeInt32BE(value));
  }

  int64(value: number): this {
    return this.#add(8, (part) => part.writeBigInt64BE(BigInt(value)));
  }

  text(value: string): this {
    const bytes = Buffer.from(value, 'utf8');
    this.int16(bytes.length);
    this.#parts.push(bytes);
    return this;
  }

  list<T>(values: readonly T[], write: (value: T) => unknown): this {
    this.int32(values.length);
    for (const value of values) write(value);
    return this;
  }

  bytes(): Buffer {
    return Buffer.concat(this.#parts);
  }

  #add(length: number, write: (part: Buffer) => unknown): this {
    const part = Buffer.alloc(length);
    write(part);
    this.#parts.push(part);
    return this;
  }
}

/** Takes an answer's fields one after the other. @throws RangeError where the answer ends before */
export class ByteReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  int8(): number {
    this.#at += 1;
    return this.#bytes.readInt8(this.#at - 1);
  }

  int16(): number {
    this.#at += 2;
    return this.#bytes.readInt16BE(this.#at - 2);
  }

  int32(): number {
    this.#at += 4;
    return this.#bytes.readInt32BE(this.#at - 4);
  }

  int64(): number {
    this.#at += 8;
    return Number(this.#bytes.readBigInt64BE(this.#at - 8));
  }

  text(): string | undefined {
    return this.#slice(this.int16())?.toString('utf8');
  }

  block(): Buffer | undefined {
    return this.#slice(this.int32());
  }

  list<T>(read: () => T): T[] {
    const values: T[] = [];
    for (let left = this.int32(); left > 0; left -= 1) values.push(read());
    return values;
  }

  #slice(length: number): Buffer | undefined {
    if (length < 0) return undefined;
    this.#at += length;
    if (this.#at > this.#bytes.length) throw new RangeError('the answer is cut off');
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
}
