/**
 * The few packets of MQTT 3.1.1 that a device needs that only publishes (OASIS MQTT 3.1.1, sections 2 and 3).
 *
 * A city is thousands of clients in one process: a general library takes more memory for each than the reports of it.
 */

const PROTOCOL_LEVEL = 4;
const CLEAN_SESSION = 0x02;
const HAS_PASSWORD = 0x40;
const HAS_USER = 0x80;

export const CONNACK = 2;
export const PUBACK = 4;
const PINGRESP = 13;

export const PINGREQ_FRAME = Buffer.from([0xc0, 0x00]);
export const DISCONNECT_FRAME = Buffer.from([0xe0, 0x00]);

function remainingLength(bytes: number): number[] {
  const digits: number[] = [];
  let rest = bytes;
  do {
    const digit = rest % 128;
    rest = Math.floor(rest / 128);
    digits.push(rest > 0 ? digit | 0x80 : digit);
  } while (rest > 0);
  return digits;
}

function withLength(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const field = Buffer.allocUnsafe(2 + length);
  field.writeUInt16BE(length, 0);
  field.write(text, 2);
  return field;
}

export interface ConnectRequest {
  readonly clientId: string;
  readonly keepAliveSeconds: number;
  readonly user?: string;
  readonly password?: string;
}

export function connectFrame({ clientId, keepAliveSeconds, user, password }: ConnectRequest): Buffer {
  const flags = CLEAN_SESSION | (user === undefined ? 0 : HAS_USER) | (password === undefined ? 0 : HAS_PASSWORD);
  const body = Buffer.concat([
    withLength('MQTT'),
    Buffer.from([PROTOCOL_LEVEL, flags, keepAliveSeconds >>> 8, keepAliveSeconds & 0xff]),
    withLength(clientId),
    ...(user === undefined ? [] : [withLength(user)]),
    ...(password === undefined ? [] : [withLength(password)]),
  ]);
  return Buffer.concat([Buffer.from([0x10, ...remainingLength(body.length)]), body]);
}

/** A PUBLISH at QoS 1. */
export function publishFrame(topic: string, packetId: number, payload: string): Buffer {
  const topicBytes = Buffer.byteLength(topic);
  const payloadBytes = Buffer.byteLength(payload);
  const length = remainingLength(2 + topicBytes + 2 + payloadBytes);
  const frame = Buffer.allocUnsafe(1 + length.length + 2 + topicBytes + 2 + payloadBytes);
  let at = frame.writeUInt8(0x32, 0);
  for (const digit of length) at = frame.writeUInt8(digit, at);
  at = frame.writeUInt16BE(topicBytes, at);
  at += frame.write(topic, at);
  at = frame.writeUInt16BE(packetId, at);
  frame.write(payload, at);
  return frame;
}

/** What came from a broker: all of it is four bytes or less. */
export interface Answer {
  readonly type: number;
  /** CONNACK: the return code. PUBACK: the packet id. */
  readonly value: number;
}

/** Lengths of what a broker may say to a client that only publishes. */
const LENGTHS: Readonly<Record<number, number>> = { [CONNACK]: 2, [PUBACK]: 2, [PINGRESP]: 0 };
const NOTHING = Buffer.alloc(0);

function valueOf(type: number, bytes: Buffer, at: number): number {
  if (type === PUBACK) return bytes.readUInt16BE(at);
  return type === CONNACK ? (bytes[at + 1] ?? 0) : 0;
}

/**
 * Takes the answers out of the bytes of a connection, whatever the pieces that they come in.
 * @throws RangeError where a broker says something that it may not say to a client that only publishes
 */
export class AnswerReader {
  #left: Buffer = NOTHING;

  read(bytes: Buffer): readonly Answer[] {
    const all = this.#left.length === 0 ? bytes : Buffer.concat([this.#left, bytes]);
    const answers: Answer[] = [];
    let at = 0;
    while (at + 2 <= all.length) {
      const type = (all[at] ?? 0) >>> 4;
      const length = all[at + 1] ?? 0;
      if (LENGTHS[type] !== length) throw new RangeError(`the broker sent packet type ${type} with ${length} bytes`);
      if (at + 2 + length > all.length) break;
      answers.push({ type, value: valueOf(type, all, at + 2) });
      at += 2 + length;
    }
    // A copy: the piece that it is cut from is as large as a whole read.
    this.#left = at === all.length ? NOTHING : Buffer.from(all.subarray(at));
    return answers;
  }
}
