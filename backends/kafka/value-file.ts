/**
 * Values that are seldom read and too many for memory: snapshots of sites, for days back. One temporary file of the
 * process, written one behind the other; where half of it is let go of, what is left is written anew.
 */
import { closeSync, ftruncateSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UnavailableError } from '../../contracts/errors.ts';

/** Where a value is; belongs to the file that made it. */
export interface ValuePlace {
  position: number;
  readonly length: number;
}

const LEAST_WASTE_BYTES = 64 * 1024 * 1024;

export class ValueFile {
  readonly #folder = mkdtempSync(join(tmpdir(), 'stackwarden-states-'));
  readonly #file = openSync(join(this.#folder, 'values'), 'w+', 0o600);
  readonly #places = new Set<ValuePlace>();
  readonly #leastWasteBytes: number;
  #end = 0;
  #held = 0;
  #isClosed = false;

  /** @param leastWasteBytes that are let go of before anything is written anew */
  constructor(leastWasteBytes = LEAST_WASTE_BYTES) {
    this.#leastWasteBytes = leastWasteBytes;
    // A process that is killed leaves nothing: an open file goes on without its name.
    if (process.platform !== 'win32') rmSync(this.#folder, { recursive: true });
  }

  /** @throws UnavailableError once it is closed: a take-over that is under way then comes to nothing */
  put(value: Buffer): ValuePlace {
    this.#expectOpen();
    const place = { position: this.#end, length: value.length };
    for (let done = 0; done < value.length;)
      done += writeSync(this.#file, value, done, value.length - done, this.#end + done);
    this.#end += value.length;
    this.#held += value.length;
    this.#places.add(place);
    return place;
  }

  /** @throws UnavailableError once it is closed */
  get({ position, length }: ValuePlace): Buffer {
    this.#expectOpen();
    const value = Buffer.allocUnsafe(length);
    for (let done = 0; done < length;) {
      const count = readSync(this.#file, value, done, length - done, position + done);
      if (count === 0) throw new RangeError('the temporary file of states ends too early');
      done += count;
    }
    return value;
  }

  drop(place: ValuePlace): void {
    if (!this.#places.delete(place) || this.#isClosed) return;
    this.#held -= place.length;
    if (this.#end - this.#held > Math.max(this.#leastWasteBytes, this.#held)) this.#compact();
  }

  /** Bytes in the file, those that were let go of included. */
  size(): number {
    return this.#end;
  }

  close(): void {
    this.#isClosed = true;
    closeSync(this.#file);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #expectOpen(): void {
    if (this.#isClosed) throw new UnavailableError('the temporary file of states is closed: this process ends');
  }

  /** Places ascend, and each moves to the front of where it was: what is read was not written over yet. */
  #compact(): void {
    let end = 0;
    for (const place of [...this.#places].sort((a, b) => a.position - b.position)) {
      const value = this.get(place);
      writeSync(this.#file, value, 0, value.length, end);
      place.position = end;
      end += value.length;
    }
    ftruncateSync(this.#file, end);
    this.#end = end;
  }
}
