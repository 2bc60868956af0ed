/** A finding's name: from rule, site, subject and start alone, so that a replay gives the same. */
import type { Subject } from '../../contracts/finding.ts';

/** 53-bit hash of a text (cyrb53, public domain, bryc): two with different seeds make 106 bits. */
function hash53(text: string, seed: number): number {
  let h1 = 0xdeadbeef ^ seed;
  let h2 = 0x41c6ce57 ^ seed;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    h1 = Math.imul(h1 ^ code, 2654435761);
    h2 = Math.imul(h2 ^ code, 1597334677);
  }
  h1 = Math.imul(h1 ^ (h1 >>> 16), 2246822507) ^ Math.imul(h2 ^ (h2 >>> 13), 3266489909);
  h2 = Math.imul(h2 ^ (h2 >>> 16), 2246822507) ^ Math.imul(h1 ^ (h1 >>> 13), 3266489909);
  return 4294967296 * (2097151 & h2) + (h1 >>> 0);
}

export function findingId(
  rule: string,
  site: string,
  subject: Subject,
  at: { startAt: number; discriminator?: string },
): string {
  const { outlet = '', line = '', device = '', signal = '', order = '' } = subject;
  const text = [rule, site, outlet, line, device, signal, order, at.startAt, at.discriminator ?? ''].join('\u001f');
  const name = hash53(text, 1).toString(36).padStart(11, '0') + hash53(text, 2).toString(36).padStart(11, '0');
  return `f-${name}`;
}
