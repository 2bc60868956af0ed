import { expect, it } from 'vitest';
import { frame, publishFrame } from '../tests/support/publish-frame.ts';
import { judgePacket } from './judge-packet.ts';
import { readFrame, type Frame } from './mqtt-frame.ts';

function read(bytes: Buffer): Frame {
  const result = readFrame(bytes);
  if (typeof result === 'string') throw new Error(result);
  return result;
}

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
