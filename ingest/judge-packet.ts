/** Which packets a publisher may send, decided on their first bytes. */
import { MAX_PAYLOAD_BYTES } from './limits.ts';
import type { RefusalReason } from './metrics.ts';
import {
  CONNECT,
  DISCONNECT,
  PINGREQ,
  PUBLISH,
  SUBSCRIBE,
  UNSUBSCRIBE,
  isSoundPublish,
  publishHeadBytes,
  type Frame,
} from './mqtt-frame.ts';

/** Why a packet closes its connection. */
export type Fault = Extract<RefusalReason, 'protocol' | 'qos' | 'payload-too-long'>;

export interface Circumstances {
  /** CONNECT was not seen yet. */
  readonly first: boolean;
  /** The most for anything but a PUBLISH. */
  readonly requestBytes: number;
}

/**
 * @param bytes beginning with the packet, which need not be complete: it is judged again when it is
 * @returns undefined where it may pass; `incomplete` where more bytes are needed to tell
 */
export function judgePacket(bytes: Buffer, frame: Frame, when: Circumstances): Fault | 'incomplete' | undefined {
  const size = frame.end - frame.bodyAt;
  const admissible = (fits: boolean): Fault | undefined => (fits ? undefined : 'protocol');
  if (when.first) return admissible(frame.type === CONNECT && size <= when.requestBytes);
  switch (frame.type) {
    case PUBLISH:
      return judgePublish(bytes, frame);
    case SUBSCRIBE:
    case UNSUBSCRIBE:
      return admissible(size <= when.requestBytes);
    case PINGREQ:
    case DISCONNECT:
      return admissible(size === 0);
    default:
      // A second CONNECT; answers to what this server never sends; what only a server sends.
      return 'protocol';
  }
}

function judgePublish(bytes: Buffer, frame: Frame): Fault | 'incomplete' | undefined {
  if (frame.qos === 3) return 'protocol';
  if (frame.qos !== 1) return 'qos';
  const size = frame.end - frame.bodyAt;
  if (size > MAX_PAYLOAD_BYTES) {
    const head = publishHeadBytes(bytes, frame);
    if (head === undefined) return 'incomplete';
    if (size - head > MAX_PAYLOAD_BYTES) return 'payload-too-long';
  }
  return frame.end > bytes.length || isSoundPublish(bytes, frame) ? undefined : 'protocol';
}
