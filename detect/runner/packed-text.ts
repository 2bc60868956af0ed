/** State texts as they are stored: deflated, since they repeat themselves much. */
import { deflateRawSync, inflateRawSync } from 'node:zlib';

export function packText(text: string): string {
  return deflateRawSync(text, { level: 1 }).toString('base64');
}

export function unpackText(packed: string): string {
  return inflateRawSync(Buffer.from(packed, 'base64')).toString('utf8');
}
