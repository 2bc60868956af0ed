import fc from 'fast-check';
import { expect, it } from 'vitest';
import { PacketBuffer } from './packet-buffer.ts';

it('hands on what came in, however it was cut', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 20 })), fc.array(fc.nat(15)), (chunks, takes) => {
      const buffer = new PacketBuffer();
      const out: Buffer[] = [];
      for (const [index, chunk] of chunks.entries()) {
        buffer.add(Buffer.from(chunk));
        const bytes = Math.min(takes[index] ?? 0, buffer.peek().length);
        out.push(buffer.take(bytes));
      }
      out.push(buffer.take(buffer.peek().length));
      expect(Buffer.concat(out)).toEqual(Buffer.concat(chunks));
      expect([buffer.length, buffer.peek().length]).toEqual([0, 0]);
    }),
  );
});
