/**
 * The seeded generator of the simulator: counter-based, so it has no state that order could spoil.
 *
 * A number is the index mixed twice by the finaliser of MurmurHash3 (Appleby, public domain; SplitMix32 uses the same
 * step), keyed by two words of the stream's name (FNV-1a). Not for secrets.
 */
import type { RandomStream } from './plants/random-stream.ts';

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;
const GOLDEN = 0x9e3779b9;
const WORD = 0x1_0000_0000;

/**
 * The finaliser of MurmurHash3: every bit of the input reaches every bit of the output.
 * @example mixWord(1) // 0x514e28b7
 */
export function mixWord(word: number): number {
  let h = word | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

function hashText(text: string, start: number): number {
  let h = start;
  for (let i = 0; i < text.length; i += 1) h = Math.imul(h ^ text.charCodeAt(i), FNV_PRIME);
  return mixWord(h);
}

/** A class, and its parts made when they are asked for: a city has hundreds of thousands of streams. */
class NamedStream implements RandomStream {
  private readonly name: string;
  private readonly first: number;
  private readonly second: number;
  /** Hashing a name costs more than the numbers: the streams of a plant are asked for at every instant. */
  private parts: Map<string, NamedStream> | undefined;

  constructor(name: string) {
    this.name = name;
    this.first = hashText(name, FNV_OFFSET);
    this.second = hashText(name, FNV_OFFSET ^ GOLDEN);
  }

  split(...labels: readonly (string | number)[]): RandomStream {
    const label = labels.length === 1 ? String(labels[0]) : labels.join('/');
    this.parts ??= new Map();
    let part = this.parts.get(label);
    if (part === undefined) {
      part = new NamedStream(`${this.name}/${label}`);
      this.parts.set(label, part);
    }
    return part;
  }

  uniformAt(index: number): number {
    return this.wordAt(index) / WORD;
  }

  gaussianAt(index: number): number {
    const one = this.wordAt(index);
    const two = mixWord(one ^ GOLDEN);
    const sum = (one & 0xffff) + (one >>> 16) + (two & 0xffff) + (two >>> 16);
    return (sum / 0x1_0000 - 2) * Math.sqrt(3);
  }

  smoothAt(position: number): number {
    const below = Math.floor(position);
    const part = position - below;
    const weight = part * part * (3 - 2 * part);
    return this.latticeAt(below) * (1 - weight) + this.latticeAt(below + 1) * weight;
  }

  private wordAt(index: number): number {
    const high = Math.floor(index / WORD);
    return mixWord(mixWord((index | 0) ^ this.first) + this.second + Math.imul(high, GOLDEN));
  }

  /** Another key than the uniform numbers, so that a stream may be used both ways. */
  private latticeAt(index: number): number {
    return this.wordAt(index ^ 0x5bd1e995) / (WORD / 2) - 1;
  }
}

/** The stream of a seed; split it by site, device and signal. */
export function createRandom(seed: number | string): RandomStream {
  return new NamedStream(String(seed));
}
