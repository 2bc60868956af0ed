import { isUtf8 } from 'node:buffer';
import { KEPT_PAYLOAD_BYTES } from './limits.ts';

/** The first 16 KiB of a payload that is too long; a character that the cut would split is left out. */
export function keptPayload(payload: Buffer): Buffer {
  for (let length = KEPT_PAYLOAD_BYTES; length > KEPT_PAYLOAD_BYTES - 4; length -= 1) {
    const part = payload.subarray(0, length);
    if (isUtf8(part)) return part;
  }
  return payload.subarray(0, KEPT_PAYLOAD_BYTES);
}
