/** Reads outcomes for whoever copies them in a thread of its own, which loads this module by its address. */
import type { CreateOutcomeReader } from '../../contracts/ports/outcome.ts';
import { decodeOutcome, decodeSamples } from './outcome-wire.ts';

function toBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

export const createOutcomeReader: CreateOutcomeReader = () => ({
  outcome: (value) => decodeOutcome(toBuffer(value)),
  samples: (value) => decodeSamples(toBuffer(value)),
});
