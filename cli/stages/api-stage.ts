/** The API as a process of its own: reads its copy of what detectors made, and writes into the log. */
import { resolve } from 'node:path';
import type { Logger } from 'pino';
import type { Readiness, ReadinessCheck } from '../../api/deps.ts';
import { startApi, type RunningApi } from '../../api/start.ts';
import { followRegistries } from '../../backends/kafka/follow-registries.ts';
import { latestReceived } from '../../backends/kafka/intake-gaps.ts';
import { KafkaCredentials } from '../../backends/kafka/kafka-credentials.ts';
import { KafkaLog } from '../../backends/kafka/kafka-log.ts';
import type { KafkaSettings } from '../../backends/kafka/kafka-settings.ts';
import type { KafkaModule } from '../../backends/kafka/load-client.ts';
import type { OtelTracer } from '../../backends/otel/otel-tracer.ts';
import type { Credentials } from '../../contracts/ports/credentials.ts';
import type { ReadModel } from '../../contracts/ports/read-model.ts';
import type { Config } from '../config.ts';
import { formatBytes } from '../doctor/check.ts';
import { folderFigures } from '../../backends/sqlite/folder-figures.ts';
import { openKafka } from '../open-kafka.ts';
import { openTracer } from '../open-tracer.ts';
import { readTls } from '../read-tls.ts';
import { redriveThrough } from '../redrive-through.ts';
import { createRegistryInForce, type RegistryInForce } from '../registry-in-force.ts';
import { retentionOf } from '../regular-retention.ts';
import { MACHINE, timeAppends, type TimedAppends } from '../timed-log.ts';
import { createApiMetrics } from './api-metrics.ts';
import { openInfluxSource } from './influx-source.ts';
import { Opened } from './opened.ts';
import { openOutcomeCopy, type OutcomeCopy } from './outcome-copy.ts';
import { readModelWith, type SeriesSource } from './read-model-parts.ts';
import type { RunningStage } from './run-stage.ts';

export interface ApiStageOptions {
  readonly config: Config;
  readonly logger: Logger;
}

export interface ApiStage extends RunningStage {
  readonly http: RunningApi;
  readonly credentials: Credentials;
  readonly registry: RegistryInForce;
}

interface Parts {
  readonly options: ApiStageOptions;
  readonly folder: string;
  readonly copy: OutcomeCopy;
  readonly series: SeriesSource | undefined;
  readonly log: TimedAppends;
  readonly credentials: KafkaCredentials;
  readonly registry: RegistryInForce;
  readonly tracer: OtelTracer | undefined;
}

function check(name: string, trouble: Error | undefined, detail?: string): ReadinessCheck {
  const said = trouble?.message ?? detail;
  return { name, ok: trouble === undefined, ...(said === undefined ? {} : { detail: said }) };
}

function copyCheck(copy: OutcomeCopy): ReadinessCheck {
  const { follower, lag } = copy;
  const isCaughtUp = copy.isCaughtUp();
  const behind = follower.partitions().reduce((sum, partition) => sum + partition.behind, 0);
  const unread = lag.partitions().reduce((sum, partition) => sum + partition.behind, 0);
  const detail = `${String(behind)} messages behind Kafka, ${String(unread)} records behind the log`;
  return { name: 'copy', ok: isCaughtUp, detail: isCaughtUp ? detail : `is being filled: ${detail}` };
}

/** Without these it goes on answering from its copy: who takes it out of a balancer then leaves people with nothing. */
const ANSWERS_WITHOUT: ReadonlySet<string> = new Set(['kafka', 'series']);

async function readiness({ copy, series, folder }: Parts): Promise<Readiness> {
  const checks = [
    check('kafka', copy.lag.trouble()),
    copyCheck(copy),
    check('store', copy.trouble()),
    check('disk', undefined, `${formatBytes(folderFigures(folder).diskFreeBytes)} free`),
  ];
  if (series !== undefined) {
    const trouble = await series.ping().then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
    );
    checks.push(check('series', trouble));
  }
  return { ready: checks.every(({ ok, name }) => ok || ANSWERS_WITHOUT.has(name)), checks };
}

function startHttp(parts: Parts): Promise<RunningApi> {
  const { options, folder, copy, series, log, credentials, registry, tracer } = parts;
  const { config, logger } = options;
  const metrics = createApiMetrics(copy, folder, Date.now, tracer?.figures);
  const readModel: ReadModel = readModelWith(copy.model, series ?? {});
  const tls = readTls(config);
  return startApi(
    {
      readModel,
      changeSet: copy.id,
      log,
      credentials,
      registry: () => registry.current(),
      importRegistry: (files) => registry.import(files),
      redrive: redriveThrough(log, () => registry.current(), log.now),
      insecure: config.insecure,
      now: log.now,
      logger,
      metricsText: () => metrics.text(),
      readiness: () => readiness(parts),
      onChange: (wake) => copy.onChange(wake),
      onServed: (request) => {
        metrics.served(request);
      },
    },
    { host: config.host, port: config.http, ...(tls === undefined ? {} : { tls }) },
  );
}

interface Reached {
  readonly module: KafkaModule;
  readonly settings: KafkaSettings;
  readonly options: ApiStageOptions;
  readonly opened: Opened;
}

async function openLog({ module, settings, options, opened }: Reached): Promise<TimedAppends> {
  const log = await KafkaLog.open({
    module,
    settings,
    name: 'api',
    replaced: (err) => {
      options.logger.warn({ err }, 'api.producer.replaced');
    },
  });
  opened.add(() => log.close());
  return timeAppends(log, MACHINE, await latestReceived({ module, settings }), options.logger);
}

async function openRegistry(
  { module, settings, opened }: Reached,
  log: TimedAppends,
): Promise<{ readonly registry: RegistryInForce; readonly failed: Promise<Error> }> {
  const registry = createRegistryInForce(log, log.now);
  const follower = await followRegistries({
    module,
    settings,
    onRegistry: (files) => {
      registry.follow(files);
    },
  });
  opened.add(() => follower.close());
  return { registry, failed: follower.failed };
}

async function openParts(reached: Reached): Promise<{ readonly parts: Parts; readonly failed: Promise<Error> }> {
  const { module, settings, options, opened } = reached;
  const { config, logger } = options;
  const folder = resolve(config.data);
  const series = config.series === 'influx' ? openInfluxSource(config) : undefined;
  if (series !== undefined) opened.add(() => series.close());
  const credentials = await KafkaCredentials.open({ module, settings });
  opened.add(() => credentials.close());
  const log = await openLog(reached);
  const followed = await openRegistry(reached, log);
  const tracer = await openTracer(config, 'api', logger);
  if (tracer !== undefined) opened.add(() => tracer.close());
  const copy = await openOutcomeCopy({
    module,
    settings,
    folder,
    keepsSamples: config.series === 'sqlite',
    retention: retentionOf(config),
    logger,
    tracer,
  });
  opened.add(() => copy.close());
  return {
    parts: { options, folder, copy, series, log, credentials, registry: followed.registry, tracer },
    failed: Promise.race([copy.failed, followed.failed, credentials.failed]),
  };
}

/**
 * Serves as soon as there is something to read; `/health/ready` says when all is there.
 * @throws ConfigError, UnavailableError where Kafka is away at the start, or folder or port are in use
 */
export async function startApiStage(options: ApiStageOptions): Promise<ApiStage> {
  const { config } = options;
  const { module, settings } = await openKafka(config);
  const opened = new Opened();
  try {
    const { parts, failed } = await openParts({ module, settings, options, opened });
    const http = await startHttp(parts);
    const { credentials, registry, folder } = parts;
    const stop = async (): Promise<void> => {
      await http.stop();
      await opened.closeTogether();
    };
    return {
      http,
      credentials,
      registry,
      addresses: { http: http.port, page: http.url, data: folder },
      failed,
      stop,
    };
  } catch (error) {
    await opened.closeTogether();
    throw error;
  }
}
