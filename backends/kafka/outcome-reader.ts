/** Reads outcomes for whoever copies them in a thread of its own, which loads this module by its address. */
import type { CreateOutcomeReader } from '../../contracts/ports/outcome.ts';
import { decodeOutcome, decodeSamples } from './outcome-wire.ts';

/** Whether strangers wrote it: ours is JSON and says its version, whichever that is. */
function isStrange(bytes: Buffer): boolean {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return typeof (value as { readonly v?: unknown } | null)?.v !== 'number';
  } catch (error) {
    if (error instanceof SyntaxError) return true;
    throw error;
  }
}

function readOurs<T>(value: Uint8Array, decode: (bytes: Buffer) => T, isOurs: (read: T) => boolean): T | undefined {
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  try {
    const read = decode(bytes);
    return isOurs(read) ? read : undefined;
  } catch (error) {
    if (isStrange(bytes)) return undefined;
    throw error;
  }
}

export const createOutcomeReader: CreateOutcomeReader = () => ({
  outcome: (value) =>
    readOurs(value, decodeOutcome, ({ from, next }) => Number.isInteger(from) && Number.isInteger(next)),
  samples: (value) => readOurs(value, decodeSamples, (samples) => Array.isArray(samples)),
});
