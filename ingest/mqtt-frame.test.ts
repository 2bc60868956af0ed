import { expect, it } from 'vitest';
import { frame, publishFrame } from '../tests/support/publish-frame.ts';
import { judgePacket } from './judge-packet.ts';
import { isSoundPublish, readFrame, readLongPublish, type Frame } from './mqtt-frame.ts';

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
  expect(readLongPublish(bytes, read(bytes), 3)).toEqual({
    topic: 'a/b',
    payload: Buffer.from('pay'),
    payloadBytes: 7,
  });
});

it.each([
  { what: 'CONNECT first', head: 0x10, length: 10, first: true, verdict: undefined },
  { what: 'anything else first', head: 0xc0, length: 0, first: true, verdict: 'protocol' },
  { what: 'a CONNECT that is too long', head: 0x10, length: 101, first: true, verdict: 'protocol' },
  { what: 'a second CONNECT', head: 0x10, length: 10, first: false, verdict: 'protocol' },
  { what: 'SUBSCRIBE', head: 0x82, length: 100, first: false, verdict: undefined },
  { what: 'a long SUBSCRIBE', head: 0x82, length: 101, first: false, verdict: 'protocol' },
  { what: 'UNSUBSCRIBE', head: 0xa2, length: 100, first: false, verdict: undefined },
  { what: 'PINGREQ', head: 0xc0, length: 0, first: false, verdict: undefined },
  { what: 'PINGREQ with a body', head: 0xc0, length: 1, first: false, verdict: 'protocol' },
  { what: 'DISCONNECT', head: 0xe0, length: 0, first: false, verdict: undefined },
  { what: 'PUBREL', head: 0x62, length: 2, first: false, verdict: 'protocol' },
  { what: 'QoS 0', head: 0x30, length: 10, first: false, verdict: 'qos' },
  { what: 'QoS 2', head: 0x34, length: 10, first: false, verdict: 'qos' },
  { what: 'QoS 3', head: 0x36, length: 10, first: false, verdict: 'protocol' },
] as const)('judges $what', ({ head, length, first, verdict }) => {
  const bytes = frame(head, Buffer.alloc(length));
  expect(judgePacket(bytes, read(bytes), { first, requestBytes: 100 })).toBe(verdict);
});

it('knows that a payload is too long as soon as it knows the length of the topic', () => {
  const circumstances = { first: false, requestBytes: 100 };
  const of = (payload: number, bytes: number): unknown => {
    const part = publishFrame('abc', Buffer.alloc(payload), 1).subarray(0, bytes);
    return judgePacket(part, read(part), circumstances);
  };
  expect([of(1_048_576, 5), of(1_048_576, 6), of(1_048_577, 6), of(1_048_570, 6)]).toEqual([
    'incomplete',
    undefined,
    'payload-too-long',
    undefined,
  ]);
});
