import { describe, expect, it } from 'vitest';
import { AnswerReader, connectFrame, publishFrame } from './mqtt-frames.ts';

const ANSWERS = Buffer.from([0x20, 2, 0, 0, 0x40, 2, 0x12, 0x34, 0xd0, 0, 0x40, 2, 0xff, 0xff]);
const READ = [
  { type: 2, value: 0 },
  { type: 4, value: 0x1234 },
  { type: 13, value: 0 },
  { type: 4, value: 0xffff },
];

describe('what a broker answers', () => {
  it.each([1, 2, 3, 5, 14])('is read in pieces of %d bytes', (size) => {
    const reader = new AnswerReader();
    const answers = [];
    for (let at = 0; at < ANSWERS.length; at += size) answers.push(...reader.read(ANSWERS.subarray(at, at + size)));
    expect(answers).toEqual(READ);
  });

  it.each([
    ['a PUBLISH', [0x30, 5]],
    ['a PUBACK of another length', [0x40, 3]],
    ['nonsense', [0x00, 0]],
  ])('is refused where it may not be said: %s', (_name, bytes) => {
    expect(() => new AnswerReader().read(Buffer.from(bytes))).toThrow(/packet type/);
  });
});

describe('what a client says', () => {
  it('introduces itself as MQTT 3.1.1 with a clean session', () => {
    const frame = connectFrame({ clientId: 'é', keepAliveSeconds: 300, user: 'u', password: 'p' });
    expect([...frame]).toEqual([
      ...[0x10, 20, 0, 4, 0x4d, 0x51, 0x54, 0x54, 4, 0xc2, 1, 44],
      ...[0, 2, 0xc3, 0xa9, 0, 1, 0x75, 0, 1, 0x70],
    ]);
  });

  it.each([0, 121, 122, 16_377, 16_378, 2_097_145])('says how long it is: a payload of %d bytes', (length) => {
    const frame = publishFrame('a/b', 7, 'x'.repeat(length));
    let [value, shift, at] = [0, 0, 1];
    for (;;) {
      const digit = frame[at] ?? 0;
      value += (digit & 0x7f) * 2 ** shift;
      shift += 7;
      at += 1;
      if (digit < 0x80) break;
    }
    expect(frame[0]).toBe(0x32);
    expect(value).toBe(frame.length - at);
    expect(frame.subarray(at, at + 7)).toEqual(Buffer.from([0, 3, 0x61, 0x2f, 0x62, 0, 7]));
    expect(frame.length - at - 7).toBe(length);
  });
});
