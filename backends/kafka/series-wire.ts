/** What a writer of series reads, and what it sets aside because the store refuses it. */
import type { Message } from 'node-rdkafka';
import type { RefusedItem, SeriesBatch } from '../../contracts/ports/series-store.ts';
import type { OutgoingMessage } from './durable-producer.ts';
import type { KafkaSettings } from './kafka-settings.ts';
import { decodeOutcome, decodeSamples } from './outcome-wire.ts';
import { topicName } from './topics.ts';

const WIRE_VERSION = 1;
/** Of what was refused, for people to look at. */
const MOST_SHOWN = 512 * 1024;

/** A message that could not be read at all. */
export interface Unreadable {
  readonly message: Message;
  readonly reason: string;
}

export interface SeriesMessages {
  readonly batch: SeriesBatch;
  /** Where each item came from. */
  readonly from: ReadonlyMap<RefusedItem['item'], Message>;
  readonly unreadable: readonly Unreadable[];
}

type Lists = { [Key in keyof SeriesBatch]: SeriesBatch[Key][number][] };

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

const isTexts = (item: unknown, keys: readonly string[]): boolean =>
  isObject(item) && keys.every((key) => typeof item[key] === 'string');

/** Enough of its shape that nothing breaks on it: what has it was written by a detector. */
const HAS_SHAPE: Readonly<Record<keyof SeriesBatch, (item: unknown) => boolean>> = {
  samples: (item) =>
    isTexts(item, ['site', 'device', 'flags']) &&
    isObject(item) &&
    Array.isArray(item['signals']) &&
    Array.isArray(item['values']),
  means: (item) => isTexts(item, ['site', 'outlet', 'device', 'signal', 'average', 'start', 'state', 'verdict']),
  findings: (item) =>
    isTexts(item, ['id', 'site', 'district', 'start', 'detectedAt', 'rule', 'category', 'severity', 'state']) &&
    isObject(item) &&
    isObject(item['subject']) &&
    isTexts(item['title'], ['zh', 'en']),
};

const LISTS = ['samples', 'means', 'findings'] as const;

/** @throws SyntaxError, TypeError for what no detector wrote; UnavailableError of a later version's message */
function listsOf(message: Message, samplesTopic: string): SeriesBatch {
  const value = message.value ?? Buffer.alloc(0);
  const lists = message.topic === samplesTopic ? { samples: decodeSamples(value) } : decodeOutcome(value);
  const batch: SeriesBatch = { samples: [], means: [], findings: [], ...lists };
  for (const list of LISTS) {
    const items: unknown = batch[list];
    if (!(Array.isArray(items) && items.every(HAS_SHAPE[list]))) throw new SyntaxError(`its ${list} are none`);
  }
  return batch;
}

/** Why nobody can read it; any other error is not the message's. */
function unreadableFor(error: unknown): string {
  if (error instanceof SyntaxError || error instanceof TypeError) return `not written by a detector: ${error.message}`;
  throw error;
}

/**
 * What stands in messages of `samples` and `outcomes`.
 * @throws UnavailableError of a later version's message: this process has to be replaced by a newer one
 */
export function readSeriesMessages(settings: KafkaSettings, messages: readonly Message[]): SeriesMessages {
  const batch: Lists = { samples: [], means: [], findings: [] };
  const from = new Map<RefusedItem['item'], Message>();
  const unreadable: Unreadable[] = [];
  const samplesTopic = topicName(settings, 'samples');
  for (const message of messages) {
    try {
      const { samples, means, findings } = listsOf(message, samplesTopic);
      for (const item of [...samples, ...means, ...findings]) from.set(item, message);
      for (const sample of samples) batch.samples.push(sample);
      for (const mean of means) batch.means.push(mean);
      for (const finding of findings) batch.findings.push(finding);
    } catch (error) {
      unreadable.push({ message, reason: unreadableFor(error) });
    }
  }
  return { batch, from, unreadable };
}

function shown(text: string): string {
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}… (${String(text.length)} characters)` : text;
}

/** A message of topic `series-dead`: what was refused, why, and where it stands. The same again has the same key. */
export function deadSeriesMessage(
  settings: KafkaSettings,
  { topic, partition, offset }: Pick<Message, 'topic' | 'partition' | 'offset'>,
  what: { readonly reason: string; readonly line?: string; readonly item?: unknown; readonly payload?: Buffer | null },
): OutgoingMessage {
  const { reason, line, item, payload } = what;
  const body = {
    v: WIRE_VERSION,
    source: { topic, partition, offset },
    reason,
    ...(line === undefined || line === '' ? {} : { line: shown(line) }),
    ...(item === undefined || (line !== undefined && line !== '') ? {} : { item: shown(JSON.stringify(item)) }),
    ...(payload === undefined ? {} : { payload: shown((payload ?? Buffer.alloc(0)).toString('base64')) }),
  };
  return {
    topic: topicName(settings, 'series-dead'),
    partition: 0,
    key: `${topic}/${String(partition)}/${String(offset)}`,
    value: Buffer.from(JSON.stringify(body)),
  };
}
