/** What the main thread and the thread of a copy say to each other. */
import type { ProjectedTopic } from './projection-positions.ts';
import type { RetentionPolicy } from './retention.ts';
import type { ProjectedMessage } from './sqlite-projection.ts';

export interface ProjectionThreadData {
  readonly folder: string;
  /** Module whose `createOutcomeReader` reads the messages, as a URL. */
  readonly reader: string;
  readonly partitions: number;
}

/** Messages whose contents stand one behind the other: handed over instead of copied. */
export interface PackedMessages {
  readonly heads: readonly {
    readonly topic: ProjectedTopic;
    readonly partition: number;
    readonly offset: number;
    readonly bytes: number;
  }[];
  readonly body: Uint8Array;
}

export type ToProjection =
  | { readonly type: 'start'; readonly id: number }
  | { readonly type: 'apply'; readonly id: number; readonly messages: PackedMessages }
  | { readonly type: 'retain'; readonly id: number; readonly policy: RetentionPolicy; readonly now: number }
  | { readonly type: 'close' };

export function packMessages(messages: readonly ProjectedMessage[]): PackedMessages {
  const body = new Uint8Array(messages.reduce((sum, { value }) => sum + value.length, 0));
  let at = 0;
  const heads = messages.map(({ topic, partition, offset, value }) => {
    body.set(value, at);
    at += value.length;
    return { topic, partition, offset, bytes: value.length };
  });
  return { heads, body };
}

export function unpackMessages({ heads, body }: PackedMessages): readonly ProjectedMessage[] {
  let at = 0;
  return heads.map(({ topic, partition, offset, bytes }) => {
    const value = body.subarray(at, at + bytes);
    at += bytes;
    return { topic, partition, offset, value };
  });
}
