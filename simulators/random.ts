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

function createStream(name: string): RandomStream {
  const first = hashText(name, FNV_OFFSET);
  const second = hashText(name, FNV_OFFSET ^ GOLDEN);
  const wordAt = (index: number): number => {
    const high = Math.floor(index / WORD);
    return mixWord(mixWord((index | 0) ^ first) + second + Math.imul(high, GOLDEN));
  };
  // Another key than the uniform numbers, so that a stream may be used both ways.
  const latticeAt = (index: number): number => wordAt(index ^ 0x5bd1e995) / (WORD / 2) - 1;
  // Hashing a name costs more than the numbers: the streams of a plant are asked for at every instant.
  const parts = new Map<string, RandomStream>();
  return {
    split: (...labels) => {
      const label = labels.length === 1 ? String(labels[0]) : labels.join('/');
      const known = parts.get(label);
      if (known !== undefined) return known;
      const part = createStream(`${name}/${label}`);
      parts.set(label, part);
      return part;
    },
    uniformAt: (index) => wordAt(index) / WORD,
    gaussianAt: (index) => {
      const one = wordAt(index);
      const two = mixWord(one ^ GOLDEN);
      const sum = (one & 0xffff) + (one >>> 16) + (two & 0xffff) + (two >>> 16);
      return (sum / 0x1_0000 - 2) * Math.sqrt(3);
    },
    smoothAt: (position) => {
      const below = Math.floor(position);
      const part = position - below;
      const weight = part * part * (3 - 2 * part);
      return latticeAt(below) * (1 - weight) + latticeAt(below + 1) * weight;
    },
  };
}

/** The stream of a seed; split it by site, device and signal. */
export function createRandom(seed: number | string): RandomStream {
  return createStream(String(seed));
}
