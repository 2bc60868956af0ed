/**
 * New samples on their way into chunks: a row holds those of one commit and one slot.
 *
 * Writing them straight to their streams would touch a page for every sample. So they are appended to one of 128
 * slots, chosen by the site, and a slot that has gathered enough is moved into the chunks at once. A reader looks
 * through one slot, which is small.
 *
 * Layout: doubles, one sample after the other: stream · signal set · instant · received · revision · flags, 16 to a
 * word · values. A text is NaN here and stands in `texts`: JSON of [word, text] pairs.
 */
import { FLAGS } from '../../contracts/signals.ts';
import { InvariantError } from '../../contracts/errors.ts';
import type { SampleRow } from './sample-rows.ts';

export const SLOTS = 128;
const SLOT_SPAN = 2 ** 40;
const HEAD_WORDS = 5;
const FLAGS_PER_WORD = 16;
const FLAG_LETTERS = FLAGS.join('');

/** Row ids of a slot are in [first, last]. */
export function slotRange(slot: number): { readonly first: number; readonly last: number } {
  return { first: slot * SLOT_SPAN, last: (slot + 1) * SLOT_SPAN - 1 };
}

export function slotOf(site: number): number {
  return site % SLOTS;
}

function flagWords(signals: number): number {
  return Math.ceil(signals / FLAGS_PER_WORD);
}

function flagWord(flags: string, from: number, to: number): number {
  let word = 0;
  for (let i = to - 1; i >= from; i -= 1) {
    const code = i < flags.length ? FLAG_LETTERS.indexOf(flags[i] ?? '') : 0;
    if (code < 0) throw new InvariantError(`A sample came to the store with the unknown flag ${String(flags[i])}`);
    word = word * FLAGS.length + code;
  }
  return word;
}

function flagLetters(word: number, count: number): string {
  let letters = '';
  let rest = word;
  for (let i = 0; i < count; i += 1) {
    letters += FLAG_LETTERS[rest % FLAGS.length] ?? 'N';
    rest = Math.floor(rest / FLAGS.length);
  }
  return letters;
}

/** A sample with its stream and signals as numbers. */
export interface HotSample {
  readonly stream: number;
  readonly signalSet: number;
  readonly ts: number;
  readonly received: number;
  readonly revision: number;
  readonly values: readonly (number | string)[];
  readonly flags: string;
}

/** Gathers the samples of one slot for one row. */
export class HotRow {
  #words = new Float64Array(256);
  #length = 0;
  #texts: (readonly [number, string])[] = [];
  samples = 0;

  add(sample: HotSample): void {
    const signals = sample.values.length;
    this.#reserve(HEAD_WORDS + flagWords(signals) + signals);
    this.#push(sample.stream);
    this.#push(sample.signalSet);
    this.#push(sample.ts);
    this.#push(sample.received);
    this.#push(sample.revision);
    for (let from = 0; from < signals; from += FLAGS_PER_WORD) {
      this.#push(flagWord(sample.flags, from, Math.min(signals, from + FLAGS_PER_WORD)));
    }
    for (const value of sample.values) {
      if (typeof value === 'string') this.#texts.push([this.#length, value]);
      this.#push(typeof value === 'string' ? Number.NaN : value);
    }
    this.samples += 1;
  }

  /** The row's two columns; begins anew. */
  take(): { readonly texts: string | null; readonly body: Uint8Array } {
    const body = new Uint8Array(this.#words.buffer, 0, this.#length * 8).slice();
    const texts = this.#texts.length === 0 ? null : JSON.stringify(this.#texts);
    this.#length = 0;
    this.#texts = [];
    this.samples = 0;
    return { texts, body };
  }

  #push(value: number): void {
    this.#words[this.#length] = value;
    this.#length += 1;
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#words.length) return;
    const larger = new Float64Array(2 * this.#words.length + count);
    larger.set(this.#words);
    this.#words = larger;
  }
}

/** The numbers of the signals of a set. */
export type SignalsOfSet = (signalSet: number) => readonly number[];

function textsOf(json: string | null): ReadonlyMap<number, string> | undefined {
  return json === null ? undefined : new Map(JSON.parse(json) as [number, string][]);
}

/**
 * Calls `visit` with every sample of a row whose stream `wanted` takes, in the order of their writing.
 * @param row as stored
 */
export function readHotRow(
  row: { readonly texts: string | null; readonly body: Uint8Array },
  signalsOf: SignalsOfSet,
  wanted: (stream: number) => boolean,
  visit: (stream: number, sample: SampleRow) => void,
): void {
  const bytes = row.body.byteOffset % 8 === 0 ? row.body : row.body.slice();
  const words = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 8);
  const texts = textsOf(row.texts);
  for (let at = 0; at < words.length;) {
    const stream = words[at] ?? 0;
    const signals = signalsOf(words[at + 1] ?? 0);
    const flagsAt = at + HEAD_WORDS;
    const valuesAt = flagsAt + flagWords(signals.length);
    if (wanted(stream)) {
      let flags = '';
      for (let i = 0; i < signals.length; i += FLAGS_PER_WORD) {
        flags += flagLetters(words[flagsAt + i / FLAGS_PER_WORD] ?? 0, Math.min(FLAGS_PER_WORD, signals.length - i));
      }
      const values = Array.from(signals, (_, i) => texts?.get(valuesAt + i) ?? words[valuesAt + i] ?? Number.NaN);
      const [, , ts = 0, received = 0, revision = 0] = words.subarray(at, flagsAt);
      visit(stream, { ts, received, revision, signals, values, flags });
    }
    at = valuesAt + signals.length;
  }
}
