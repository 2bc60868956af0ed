import { expect, it } from 'vitest';
import { frame, publishFrame } from '../tests/support/publish-frame.ts';
import { isSoundPublish, readFrame, readRefusedPublish, type Frame } from './mqtt-frame.ts';

function read(bytes: Buffer): Frame {
  const result = readFrame(bytes);
  if (typeof result === 'string') throw new Error(result);
  return result;
}

it.each([0, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152])('knows where a packet of %i bytes ends', (length) => {
  const bytes = frame(0x32, Buffer.alloc(length));
  expect(read(bytes)).toEqual({ type: 3, qos: 1, bodyAt: bytes.length - length, end: bytes.length });
});

it('waits for the length, and knows when there is none', () => {
  expect([[], [0x32], [0x32, 0x80], [0x32, 0xff, 0xff, 0xff]].map((bytes) => readFrame(Buffer.from(bytes)))).toEqual(
    Array.from({ length: 4 }, () => 'incomplete'),
  );
  expect(readFrame(Buffer.from([0x32, 0xff, 0xff, 0xff, 0xff]))).toBe('malformed');
});

it('refuses a PUBLISH whose topic or packet id does not fit into it', () => {
  const sound = (bytes: Buffer): boolean => isSoundPublish(bytes, read(bytes));
  expect(sound(publishFrame('a', '', 1))).toBe(true);
  expect(sound(publishFrame('a', '', 0))).toBe(false);
  expect(sound(frame(0x32, Buffer.from([0, 1, 65, 0])))).toBe(false);
  expect(sound(Buffer.concat([frame(0x32, Buffer.from([0, 9, 65, 0, 1])), Buffer.alloc(20, 1)]))).toBe(false);
  expect(sound(frame(0x32, Buffer.alloc(0)))).toBe(false);
});

it('reads the beginning of a payload that is too long', () => {
  const bytes = publishFrame('a/b', 'payload', 1);
  expect(readRefusedPublish(bytes, read(bytes), 3)).toEqual({
    topic: 'a/b',
    payload: Buffer.from('pay'),
    payloadBytes: 7,
  });
});
