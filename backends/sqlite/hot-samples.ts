/**
 * New samples on their way into chunks, in rows of many.
 *
 * Writing them straight to their streams would touch a page for every sample. So a commit appends one row of all its
 * samples to slot 0. What has gathered there is spread over 128 further slots, chosen by the site; and a slot that
 * has gathered enough of its few streams is moved into their chunks. Each step writes pages that are mostly full. A
 * reader looks through slot 0 and one other, which are small.
 *
 * Layout: doubles, one sample after the other: stream · signal set · instant · received · revision · flags, 16 to a
 * word · values. A text is NaN here and stands in `texts`: JSON of [word, text] pairs.
 */
import { FLAGS } from '../../contracts/signals.ts';
import { InvariantError } from '../../contracts/errors.ts';
import type { SampleRow } from './sample-rows.ts';

/** Where a commit leaves its samples. */
export const ARRIVALS = 0;
export const SLOTS = 128;
const SLOT_SPAN = 2 ** 40;
const HEAD_WORDS = 5;
const FLAGS_PER_WORD = 16;
const FLAG_LETTERS = FLAGS.join('');

/** Row ids of a slot are in [first, last]; later rows have higher ones. */
export function slotRange(slot: number): { readonly first: number; readonly last: number } {
  return { first: slot * SLOT_SPAN, last: (slot + 1) * SLOT_SPAN - 1 };
}

/** The slot of a row, and its place there. */
export function placeOf(id: number): { readonly slot: number; readonly sequence: number } {
  return { slot: Math.floor(id / SLOT_SPAN), sequence: id % SLOT_SPAN };
}

/** The slot that a site's samples gather in, 1 to 128. */
export function slotOf(site: number): number {
  return 1 + (site % SLOTS);
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

/** A stored row. */
export interface HotColumns {
  readonly texts: string | null;
  readonly body: Uint8Array;
}

/** A stored row, with what shows whether it is still what was written. */
export interface HotRecord extends HotColumns {
  readonly id: number;
  readonly samples: number;
  readonly checksum: number | null;
}

/** Gathers samples for one row. */
export class HotRow {
  #words = new Float64Array(64);
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

  /** Adds a sample of another row as it is. */
  copy({ words, texts, at, length }: FoundSample): void {
    this.#reserve(length);
    if (texts !== undefined) {
      for (let i = 0; i < length; i += 1) {
        const text = texts.get(at + i);
        if (text !== undefined) this.#texts.push([this.#length + i, text]);
      }
    }
    for (let i = 0; i < length; i += 1) this.#words[this.#length + i] = words[at + i] ?? 0;
    this.#length += length;
    this.samples += 1;
  }

  /** The row's columns; begins anew. */
  take(): HotColumns {
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

/** Where a sample stands in its row. */
export interface FoundSample {
  readonly stream: number;
  readonly words: Float64Array;
  readonly texts: ReadonlyMap<number, string> | undefined;
  readonly at: number;
  readonly length: number;
  readonly signals: readonly number[];
}

/** Calls `visit` with every sample of a row whose stream `wanted` takes, in the order of their writing. */
export function walkHotRow(
  { texts, body }: HotColumns,
  signalsOf: SignalsOfSet,
  wanted: (stream: number) => boolean,
  visit: (found: FoundSample) => void,
): void {
  const bytes = body.byteOffset % 8 === 0 ? body : body.slice();
  const words = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 8);
  const byWord = texts === null ? undefined : new Map(JSON.parse(texts) as [number, string][]);
  for (let at = 0; at < words.length;) {
    const stream = words[at] ?? 0;
    const signals = signalsOf(words[at + 1] ?? 0);
    const length = HEAD_WORDS + flagWords(signals.length) + signals.length;
    if (wanted(stream)) visit({ stream, words, texts: byWord, at, length, signals });
    at += length;
  }
}

/** The sample itself. */
export function decodeHotSample({ words, texts, at, signals }: FoundSample): SampleRow {
  const flagsAt = at + HEAD_WORDS;
  const valuesAt = flagsAt + flagWords(signals.length);
  let flags = '';
  for (let i = 0; i < signals.length; i += FLAGS_PER_WORD) {
    flags += flagLetters(words[flagsAt + i / FLAGS_PER_WORD] ?? 0, Math.min(FLAGS_PER_WORD, signals.length - i));
  }
  const values = signals.map((_, i) => texts?.get(valuesAt + i) ?? words[valuesAt + i] ?? Number.NaN);
  return { ts: words[at + 2] ?? 0, received: words[at + 3] ?? 0, revision: words[at + 4] ?? 0, signals, values, flags };
}
