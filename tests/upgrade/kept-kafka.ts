/** Messages of all topics that an earlier version left on Kafka, as they were kept; `write-kafka-fixture.ts` made them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { TopicName } from '../../backends/kafka/topics.ts';

/** Of the kept topics; the test that loads them has as many. */
export const KEPT_PARTITIONS = 3;
const FOLDER = join(import.meta.dirname, 'kafka-v1');

/** How the detectors committed: with transactions every state is of epoch 0, without them of the owner's. */
export type KeptWay = 'with-transactions' | 'without-transactions';
export const KEPT_WAYS: readonly KeptWay[] = ['with-transactions', 'without-transactions'];

/** What no detector writes: the same both ways, and kept once. */
export const ENTERED: ReadonlySet<TopicName> = new Set<TopicName>(['log', 'backlog', 'registries', 'credentials']);

export interface KeptMessage {
  readonly topic: TopicName;
  readonly partition: number;
  readonly key: string;
  readonly value: Buffer | null;
}

interface KeptLine extends Omit<KeptMessage, 'value'> {
  /** Absent of a deletion. */
  readonly text?: string;
  /** Where it is not UTF-8. */
  readonly base64?: string;
}

function lineOf({ value, ...place }: KeptMessage): KeptLine {
  if (value === null) return place;
  const text = value.toString('utf8');
  // Text packs much better than its base64.
  return Buffer.from(text, 'utf8').equals(value) ? { ...place, text } : { ...place, base64: value.toString('base64') };
}

function messageOf({ text, base64, ...place }: KeptLine): KeptMessage {
  if (base64 !== undefined) return { ...place, value: Buffer.from(base64, 'base64') };
  return { ...place, value: text === undefined ? null : Buffer.from(text, 'utf8') };
}

function readFile(name: string): readonly KeptMessage[] {
  const lines = gunzipSync(readFileSync(join(FOLDER, `${name}.ndjson.gz`)))
    .toString('utf8')
    .trimEnd()
    .split('\n');
  return lines.map((line) => messageOf(JSON.parse(line) as KeptLine));
}

/** In the order of their offsets; the log has every offset from 0. */
export function readKept(way: KeptWay): readonly KeptMessage[] {
  return [...readFile('entered'), ...readFile(way)];
}

export function packMessages(messages: readonly KeptMessage[]): Buffer {
  return gzipSync(messages.map((message) => `${JSON.stringify(lineOf(message))}\n`).join(''), { level: 9 });
}

export interface KeptSecrets {
  readonly user: string;
  readonly password: string;
  readonly revokedUser: string;
  readonly revokedPassword: string;
  readonly key: string;
}

/** What opens with the kept credentials. */
export function readSecrets(): KeptSecrets {
  return JSON.parse(readFileSync(join(FOLDER, 'secrets.json'), 'utf8')) as KeptSecrets;
}

export function ofTopic(messages: readonly KeptMessage[], topic: TopicName): readonly KeptMessage[] {
  return messages.filter((message) => message.topic === topic);
}
