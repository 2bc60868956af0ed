/** MQTT 3.1.1 packets byte by byte, for clients that must be faster or ruder than a library lets them be. */

function text(value: string | Buffer): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes]);
}

/** Fixed header and body. */
export function frame(first: number, body: Buffer): Buffer {
  const length: number[] = [];
  let rest = body.length;
  do {
    length.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
    rest >>= 7;
  } while (rest > 0);
  return Buffer.concat([Buffer.from([first, ...length]), body]);
}

export interface ConnectFields {
  readonly clientId: string;
  readonly user?: string;
  readonly password?: string;
  readonly version?: number;
  readonly keepalive?: number;
  readonly clean?: boolean;
}

export function connectFrame(fields: ConnectFields): Buffer {
  const { clientId, user, password, version = 4, keepalive = 60, clean = true } = fields;
  const flags = (clean ? 2 : 0) | (user === undefined ? 0 : 0x80) | (password === undefined ? 0 : 0x40);
  const parts = [text('MQTT'), Buffer.from([version, flags, keepalive >> 8, keepalive & 0xff])];
  if (version === 5) parts.push(Buffer.from([0]));
  parts.push(text(clientId));
  if (user !== undefined) parts.push(text(user));
  if (password !== undefined) parts.push(text(password));
  return frame(0x10, Buffer.concat(parts));
}

/** @param id packet id; left out of a QoS 0 message */
export function publishFrame(topic: string, payload: string | Buffer, id: number, qos = 1): Buffer {
  const parts = [text(topic)];
  if (qos > 0) parts.push(Buffer.from([id >> 8, id & 0xff]));
  return frame(0x30 | (qos << 1), Buffer.concat([...parts, Buffer.from(payload)]));
}

export const PINGREQ = Buffer.from([0xc0, 0]);
export const DISCONNECT = Buffer.from([0xe0, 0]);
