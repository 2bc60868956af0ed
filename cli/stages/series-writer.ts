/** Messages of detection into a store of series: what it refuses is set aside, and only then is it done with. */
import type { Message } from 'node-rdkafka';
import type { OutgoingMessage } from '../../backends/kafka/durable-producer.ts';
import type { KafkaSettings } from '../../backends/kafka/kafka-settings.ts';
import { deadSeriesMessage, readSeriesMessages } from '../../backends/kafka/series-wire.ts';
import { tracesIn } from '../../backends/kafka/trace-headers.ts';
import type { SeriesStore } from '../../contracts/ports/series-store.ts';
import type { Tracer } from '../../contracts/ports/tracer.ts';
import { traced } from './traced.ts';

export interface SeriesFigures {
  samples: number;
  means: number;
  findings: number;
  /** Lines that the store refused for good, and messages that could not be read. */
  refused: number;
  /** Seconds in which the store wrote. */
  writeSeconds: number;
}

export interface SeriesWriterParts {
  readonly settings: KafkaSettings;
  readonly store: Pick<SeriesStore, 'write'>;
  /** Resolves when they are durable. */
  readonly setAside: (messages: readonly OutgoingMessage[]) => Promise<void>;
  readonly onRefused: (reason: string, source: string) => void;
  readonly figures: SeriesFigures;
  readonly tracer?: Tracer | undefined;
}

export function createSeriesFigures(): SeriesFigures {
  return { samples: 0, means: 0, findings: 0, refused: 0, writeSeconds: 0 };
}

const NOWHERE = { topic: '', partition: 0, offset: -1 };

/**
 * Resolves when everything is in the store or set aside; the same again changes nothing in the store.
 * @throws UnavailableError, ConfigError: all of it is to be tried again
 */
export async function writeSeries(parts: SeriesWriterParts, messages: readonly Message[]): Promise<void> {
  const { settings, store, setAside, onRefused, figures, tracer } = parts;
  const { batch, from, unreadable } = readSeriesMessages(settings, messages);
  const begin = performance.now();
  const refused = await traced(
    tracer,
    { name: 'series.write', messages: () => messages.map((message) => ({ ...message, traces: tracesIn(message) })) },
    () => store.write(batch),
    ({ length }) => ({ samples: batch.samples.length, findings: batch.findings.length, refused: length }),
  );
  figures.writeSeconds += (performance.now() - begin) / 1_000;
  const dead = [
    ...unreadable.map(({ message, reason }) => ({ source: message, what: { reason, payload: message.value } })),
    ...refused.map(({ item, line, reason }) => ({ source: from.get(item) ?? NOWHERE, what: { reason, line, item } })),
  ];
  if (dead.length > 0) await setAside(dead.map(({ source, what }) => deadSeriesMessage(settings, source, what)));
  for (const { source, what } of dead)
    onRefused(what.reason, `${source.topic}/${String(source.partition)}/${String(source.offset)}`);
  figures.refused += dead.length;
  figures.samples += batch.samples.length;
  figures.means += batch.means.length;
  figures.findings += batch.findings.length;
}
