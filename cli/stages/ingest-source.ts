/** Where an ingest process gets its reports: from devices that connect to it, or from a broker that it subscribes to. */
import type { Logger } from 'pino';
import type { ReadinessCheck } from '../../api/deps.ts';
import { startBrokerSource, type SourceFigures } from '../../backends/mqtt/broker-source.ts';
import type { Credentials } from '../../contracts/ports/credentials.ts';
import type { Log } from '../../contracts/ports/log.ts';
import type { Tracer } from '../../contracts/ports/tracer.ts';
import type { Registry } from '../../contracts/registry/registry.ts';
import { startEndpoint } from '../../ingest/endpoint.ts';
import { createIntake } from '../../ingest/intake.ts';
import type { IngestMetrics } from '../../ingest/metrics.ts';
import type { Config } from '../config.ts';
import { clientTls, readTls } from '../read-tls.ts';

export interface IngestSourceOptions {
  readonly config: Config;
  readonly logger: Logger;
  readonly log: Pick<Log, 'append'>;
  readonly registry: () => Registry;
  readonly now: () => number;
  readonly credentials: Credentials | undefined;
  readonly tracer?: Tracer | undefined;
  /** Of this process, at a broker. */
  readonly name: string;
}

export interface IngestSource {
  readonly metrics: IngestMetrics;
  readonly addresses: Readonly<Record<string, string | number>>;
  readonly figures: SourceFigures | undefined;
  check(): ReadinessCheck;
  stop(): Promise<void>;
}

const MINUTE_MS = 60_000;

interface Taking {
  readonly log: Pick<Log, 'append'>;
  readonly registry: () => Registry;
  readonly now: () => number;
  readonly events: Logger;
  readonly lateAfterMs: number;
  readonly tracer: Tracer | undefined;
}

async function openEndpoint({ config, credentials }: IngestSourceOptions, taking: Taking): Promise<IngestSource> {
  const tls = readTls(config);
  const { connections, storageRefusalSeconds } = config;
  const endpoint = await startEndpoint({
    ...taking,
    limits: { connections, refusalMs: storageRefusalSeconds * 1_000 },
    ...(credentials === undefined ? { insecure: true } : { credentials }),
    host: config.host,
    port: config.mqtt,
    ...(tls === undefined ? {} : { tls }),
  });
  return {
    metrics: endpoint.metrics,
    addresses: { mqtt: endpoint.port, mqttUrl: endpoint.url },
    figures: undefined,
    check: () => ({ name: 'devices', ok: true, detail: `${String(endpoint.metrics.connections)} connected` }),
    stop: () => endpoint.stop(),
  };
}

async function openBroker({ config, logger, name }: IngestSourceOptions, taking: Taking): Promise<IngestSource> {
  const refusalMs = config.storageRefusalSeconds * 1_000;
  const intake = createIntake({ ...taking, limits: { refusalMs } });
  const { figures, stop } = await startBrokerSource({
    url: config.source,
    group: config.sourceGroup,
    name,
    connections: config.sourceConnections,
    tls: clientTls(config),
    deliver: (topic, payload) => intake.take(topic, payload),
    ended: (why) => {
      logger.warn({ err: why.message }, 'source.connection.ended');
    },
  });
  const { sourceConnections } = config;
  return {
    metrics: intake.metrics,
    addresses: {},
    figures,
    check: () => ({
      name: 'source',
      ok: figures.connected === sourceConnections,
      detail: `${String(figures.connected)} of ${String(sourceConnections)} connections are subscribed`,
    }),
    async stop() {
      await Promise.all([stop(), intake.stop()]);
    },
  };
}

/** @throws ConfigError, UnavailableError where the port cannot be had or the broker does not answer */
export function startIngestSource(options: IngestSourceOptions): Promise<IngestSource> {
  const { config, logger: events, log, registry, now, tracer } = options;
  const lateAfterMs = config.backlogAfterMinutes * MINUTE_MS;
  const taking: Taking = { log, registry, now, events, lateAfterMs, tracer };
  return config.source === 'endpoint' ? openEndpoint(options, taking) : openBroker(options, taking);
}
