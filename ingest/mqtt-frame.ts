/**
 * The outermost layer of MQTT 3.1.1, as far as it takes to tell where a packet ends and whether a publisher may send
 * it. One byte of type and flags, the remaining length in one to four bytes of seven bits, then that many bytes; a
 * PUBLISH goes on with two bytes of topic length, the topic, and at QoS 1 two bytes of packet id.
 */

export const CONNECT = 1;
export const PUBLISH = 3;
export const SUBSCRIBE = 8;
export const UNSUBSCRIBE = 10;
export const PINGREQ = 12;
export const DISCONNECT = 14;

/** The packet that a buffer begins with. */
export interface Frame {
  readonly type: number;
  /** 0 to 2; 3 is malformed. Only of a PUBLISH. */
  readonly qos: number;
  /** Bytes of the fixed header. */
  readonly bodyAt: number;
  /** Bytes of the packet; may be more than are there yet. */
  readonly end: number;
}

/** `incomplete` while the packet's length is not there, `malformed` where it never will be. */
export function readFrame(bytes: Buffer): Frame | 'incomplete' | 'malformed' {
  const first = bytes[0] ?? 0;
  let remaining = 0;
  for (let i = 0; i < 4; i += 1) {
    const byte = bytes[1 + i];
    if (byte === undefined) return 'incomplete';
    remaining += (byte & 0x7f) << (7 * i);
    if (byte < 0x80) {
      const bodyAt = 2 + i;
      return { type: first >> 4, qos: (first >> 1) & 3, bodyAt, end: bodyAt + remaining };
    }
  }
  return 'malformed';
}

/** Bytes in front of the payload of a QoS 1 PUBLISH; undefined while the topic's length is not there. */
export function publishHeadBytes(bytes: Buffer, { bodyAt }: Frame): number | undefined {
  return bytes.length < bodyAt + 2 ? undefined : bytes.readUInt16BE(bodyAt) + 4;
}

/** Topic and packet id of a complete QoS 1 PUBLISH fit into it, and the id is not 0 (MQTT-2.3.1-1). */
export function isSoundPublish(bytes: Buffer, frame: Frame): boolean {
  const head = publishHeadBytes(bytes, frame);
  if (head === undefined || frame.bodyAt + head > frame.end) return false;
  return bytes.readUInt16BE(frame.bodyAt + head - 2) !== 0;
}

/** A PUBLISH that is refused. */
export interface RefusedPublish {
  readonly topic: string;
  /** All of it, or the first bytes where it is too long. */
  readonly payload: Buffer;
  /** Length that was announced. */
  readonly payloadBytes: number;
}

/** Bytes of the buffer that must be there for {@link readRefusedPublish}. */
export function refusedPublishNeeds(bytes: Buffer, frame: Frame, keptBytes: number): number {
  return frame.bodyAt + (publishHeadBytes(bytes, frame) ?? 2) + keptBytes;
}

/** A QoS 1 PUBLISH that Aedes shall not see, or did not take; `keptBytes` of its payload. */
export function readRefusedPublish(bytes: Buffer, frame: Frame, keptBytes: number): RefusedPublish {
  const head = publishHeadBytes(bytes, frame) ?? 4;
  const topic = bytes.toString('utf8', frame.bodyAt + 2, frame.bodyAt + head - 2);
  const payloadAt = frame.bodyAt + head;
  const payload = Buffer.from(bytes.subarray(payloadAt, payloadAt + keptBytes));
  return { topic, payload, payloadBytes: frame.end - payloadAt };
}
