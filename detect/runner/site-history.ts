/**
 * The reports of a replay by site, for rewinds. They go to a temporary file in large blocks; in memory stays only
 * where they are, so that a long replay needs little and its garbage collector has nothing to move.
 */
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LogRecord } from '../../contracts/log-record.ts';

const BLOCK_BYTES = 4 * 1024 * 1024;
/** Offset, receipt, position and length of each record. */
const FIELDS = 4;

interface Entry {
  readonly offset: number;
  readonly received: number;
  readonly device: string;
  readonly body: string;
}

export interface SiteHistory {
  add(site: string, entry: Entry): void;
  /** Records of the site from an offset on, in order. */
  read(site: string, fromOffset: number): readonly LogRecord[];
  close(): void;
}

/** Bytes one behind the other; the last block in memory, the others in a file that is removed at the end. */
class ByteStore {
  #block = Buffer.allocUnsafe(BLOCK_BYTES);
  #used = 0;
  /** Bytes that are in the file: positions below it are read from there. */
  #spilled = 0;
  #folder: string | undefined;
  #file = -1;

  append(text: string): { position: number; length: number } {
    // Three bytes a character is the most that UTF-8 takes of UTF-16.
    if (this.#used + text.length * 3 > this.#block.length) this.#spill(text.length * 3);
    const length = this.#block.write(text, this.#used, 'utf8');
    const position = this.#spilled + this.#used;
    this.#used += length;
    return { position, length };
  }

  read(position: number, length: number): string {
    if (position >= this.#spilled)
      return this.#block.toString('utf8', position - this.#spilled, position - this.#spilled + length);
    const buffer = Buffer.allocUnsafe(length);
    for (let done = 0; done < length;) {
      const count = readSync(this.#file, buffer, done, length - done, position + done);
      if (count === 0) throw new RangeError('the temporary file of the replay ends too early');
      done += count;
    }
    return buffer.toString('utf8');
  }

  close(): void {
    if (this.#folder === undefined) return;
    closeSync(this.#file);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #spill(atLeast: number): void {
    if (this.#folder === undefined) {
      this.#folder = mkdtempSync(join(tmpdir(), 'stackwarden-replay-'));
      this.#file = openSync(join(this.#folder, 'history'), 'w+', 0o600);
      // A process that is killed leaves nothing: an open file goes on without its name.
      if (process.platform !== 'win32') rmSync(this.#folder, { recursive: true });
    }
    for (let done = 0; done < this.#used;)
      done += writeSync(this.#file, this.#block, done, this.#used - done, this.#spilled + done);
    this.#spilled += this.#used;
    this.#used = 0;
    if (atLeast > this.#block.length) this.#block = Buffer.allocUnsafe(atLeast);
  }
}

/** Where a site's records are: a growing array of numbers. */
class Places {
  #numbers = new Float64Array(64 * FIELDS);
  count = 0;

  add(offset: number, received: number, position: number, length: number): void {
    const at = this.count * FIELDS;
    if (at === this.#numbers.length) {
      const grown = new Float64Array(this.#numbers.length * 2);
      grown.set(this.#numbers);
      this.#numbers = grown;
    }
    this.#numbers[at] = offset;
    this.#numbers[at + 1] = received;
    this.#numbers[at + 2] = position;
    this.#numbers[at + 3] = length;
    this.count += 1;
  }

  field(index: number, field: number): number {
    return this.#numbers[index * FIELDS + field] as number;
  }

  /** Index of the first record at or behind an offset. */
  firstFrom(offset: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.field(middle, 0) < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

export function createSiteHistory(): SiteHistory {
  const bytes = new ByteStore();
  const sites = new Map<string, Places>();
  return {
    add(site, { offset, received, device, body }) {
      let places = sites.get(site);
      if (places === undefined) {
        places = new Places();
        sites.set(site, places);
      }
      const { position, length } = bytes.append(`${device}\n${body}`);
      places.add(offset, received, position, length);
    },
    read(site, fromOffset) {
      const places = sites.get(site);
      if (places === undefined) return [];
      const records: LogRecord[] = [];
      for (let index = places.firstFrom(fromOffset); index < places.count; index += 1) {
        const text = bytes.read(places.field(index, 2), places.field(index, 3));
        const cut = text.indexOf('\n');
        records.push({
          kind: 'report',
          offset: places.field(index, 0),
          received: places.field(index, 1),
          site,
          device: text.slice(0, cut),
          body: text.slice(cut + 1),
        });
      }
      return records;
    },
    close: () => {
      bytes.close();
    },
  };
}
