/** Writing series as a process of its own: what detection made, from Kafka into InfluxDB. Several share the partitions. */
import type { Logger } from 'pino';
import type { Readiness, ReadinessCheck } from '../../api/deps.ts';
import { InfluxSeriesStore } from '../../backends/influx/influx-series-store.ts';
import { runGroup, type GroupReader } from '../../backends/kafka/group-reader.ts';
import { LastingProducer } from '../../backends/kafka/lasting-producer.ts';
import type { KafkaSettings } from '../../backends/kafka/kafka-settings.ts';
import { loadClient, type KafkaModule } from '../../backends/kafka/load-client.ts';
import { makeTopics } from '../../backends/kafka/make-topics.ts';
import { topicPlans } from '../../backends/kafka/topics.ts';
import type { OtelTracer } from '../../backends/otel/otel-tracer.ts';
import type { Config } from '../config.ts';
import { influxSettingsOf } from '../influx-settings-of.ts';
import { kafkaSettingsOf, topicTermsOf } from '../kafka-settings-of.ts';
import { openTracer } from '../open-tracer.ts';
import type { RunningStage } from './run-stage.ts';
import { createSeriesMetrics } from './series-metrics.ts';
import { createSeriesFigures, writeSeries, type SeriesFigures, type SeriesWriterParts } from './series-writer.ts';
import { startStageServer } from './stage-server.ts';

function check(name: string, trouble: Error | undefined): ReadinessCheck {
  return { name, ok: trouble === undefined, ...(trouble === undefined ? {} : { detail: trouble.message }) };
}

function readinessOf(reader: GroupReader): Readiness {
  const { kafka, sink } = reader.trouble();
  return { ready: kafka === undefined && sink === undefined, checks: [check('kafka', kafka), check('influx', sink)] };
}

interface Opened {
  readonly settings: KafkaSettings;
  readonly module: KafkaModule;
  readonly store: InfluxSeriesStore;
  readonly producer: LastingProducer;
  readonly tracer: OtelTracer | undefined;
}

async function open(config: Config, logger: Logger): Promise<Opened> {
  const settings = kafkaSettingsOf(config);
  const store = new InfluxSeriesStore(influxSettingsOf(config));
  await store.expectWritable();
  const module = await loadClient();
  const terms = topicTermsOf(config);
  await makeTopics(module, settings, { plans: topicPlans(settings, terms), replicas: terms.replicas });
  const replaced = (err: Error): void => {
    logger.warn({ err: err.message }, 'series.producer.replaced');
  };
  return {
    settings,
    module,
    store,
    producer: await LastingProducer.open({ module, settings, name: 'series', replaced }),
    tracer: await openTracer(config, 'series', logger),
  };
}

function read(
  { settings, module, store, producer, tracer }: Opened,
  figures: SeriesFigures,
  logger: Logger,
): GroupReader {
  const parts: SeriesWriterParts = {
    settings,
    store,
    figures,
    tracer,
    setAside: (messages) => producer.send(messages),
    onRefused: (reason, source) => {
      logger.error({ reason, source }, 'series.refused');
    },
  };
  return runGroup(module, settings, {
    group: 'series',
    topics: ['samples', 'outcomes'],
    handle: (messages) => writeSeries(parts, messages),
    onTrouble: (err) => {
      logger.warn({ err: err.message }, 'series.trouble');
    },
  });
}

/** @throws ConfigError, also where InfluxDB does not take the token; UnavailableError where a server is away at the start */
export async function startSeriesStage(config: Config, logger: Logger): Promise<RunningStage> {
  const opened = await open(config, logger);
  const figures = createSeriesFigures();
  const reader = read(opened, figures, logger);
  const close = async (): Promise<void> => {
    await reader.close();
    opened.store.close();
    await Promise.all([opened.producer.close(), opened.tracer?.close()]);
  };
  try {
    const server = await startStageServer({
      host: config.host,
      port: config.http,
      readiness: () => Promise.resolve(readinessOf(reader)),
      metricsText: createSeriesMetrics(reader, figures, Date.now, opened.tracer?.figures),
    });
    const stop = async (): Promise<void> => {
      await close();
      await server.stop();
    };
    return { addresses: { http: server.port }, failed: reader.failed, stop };
  } catch (error) {
    await close();
    throw error;
  }
}
