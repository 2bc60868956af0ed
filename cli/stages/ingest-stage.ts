/**
 * Ingest as a process of its own: devices connect to it, or it subscribes to a broker; what they send goes into the log on
 * Kafka. Any number of them side by side: none has anything that another one needs.
 */
import { hostname } from 'node:os';
import type { Logger } from 'pino';
import type { Readiness, ReadinessCheck } from '../../api/deps.ts';
import { followRegistries, type FollowedRegistries } from '../../backends/kafka/follow-registries.ts';
import { GAP_MS, latestReceived, partitionsWithoutIntake } from '../../backends/kafka/intake-gaps.ts';
import { KafkaCredentials } from '../../backends/kafka/kafka-credentials.ts';
import { KafkaLog } from '../../backends/kafka/kafka-log.ts';
import type { KafkaSettings } from '../../backends/kafka/kafka-settings.ts';
import type { KafkaModule } from '../../backends/kafka/load-client.ts';
import { UnavailableError } from '../../contracts/errors.ts';
import type { Log } from '../../contracts/ports/log.ts';
import type { Config } from '../config.ts';
import { openKafka } from '../open-kafka.ts';
import { openTracer } from '../open-tracer.ts';
import { MACHINE, timeAppends, type MachineClock, type TimedAppends } from '../timed-log.ts';
import { createIngestMetricsText } from './ingest-metrics.ts';
import { startIngestSource, type IngestSource } from './ingest-source.ts';
import { startIntakeTicks, type IntakeTicks } from './intake-ticks.ts';
import { createKnownRegistry, type KnownRegistry } from './known-registry.ts';
import type { RunningStage } from './run-stage.ts';
import { startStageServer } from './stage-server.ts';

/** A tick comes every ten seconds, also where no device sends. */
const STALE_MS = 30_000;

export interface IngestParts {
  readonly config: Config;
  readonly logger: Logger;
  readonly clock: MachineClock;
  readonly module: KafkaModule;
  readonly settings: KafkaSettings;
  /** Ends what was opened, the last first. */
  readonly stops: (() => Promise<void>)[];
}

interface Opened {
  readonly kafka: KafkaLog;
  readonly credentials: KafkaCredentials | undefined;
  readonly registry: KnownRegistry;
  readonly followed: FollowedRegistries;
  readonly timed: TimedAppends;
}

async function openParts({ config, logger, clock, module, settings, stops }: IngestParts): Promise<Opened> {
  const replaced = (err: Error): void => {
    logger.warn({ err: err.message }, 'ingest.producer.replaced');
  };
  const kafka = await KafkaLog.open({ module, settings, name: 'ingest', replaced });
  stops.push(() => kafka.close());
  const needsCredentials = !config.insecure && config.source === 'endpoint';
  const credentials = needsCredentials ? await KafkaCredentials.open({ module, settings }) : undefined;
  if (credentials !== undefined) stops.push(() => credentials.close());
  const registry = createKnownRegistry(logger);
  const followed = await followRegistries({ module, settings, onRegistry: registry.follow });
  stops.push(() => followed.close());
  const timed = timeAppends(kafka, clock, await latestReceived({ module, settings }), logger);
  return { kafka, credentials, registry, followed, timed };
}

async function startTicks({ module, settings, logger, stops }: IngestParts, opened: Opened): Promise<IntakeTicks> {
  const { kafka, timed } = opened;
  const ticks = await startIntakeTicks({
    gapMs: GAP_MS,
    tick: async () => {
      await timed.append([{ kind: 'tick', received: timed.now() }]);
    },
    tellGaps: async () => {
      if (timed.isInDoubt()) throw new UnavailableError("the machine's clock was set");
      const received = timed.now();
      await kafka.tellGap(await partitionsWithoutIntake({ module, settings }, received), received);
    },
    failed: (err) => {
      logger.warn({ err }, 'ingest.tick.not-appended');
    },
  });
  stops.push(async () => {
    ticks.stop();
  });
  return ticks;
}

/** What devices send: not before the log knows of every time without intake. */
function intakeLog({ timed }: Opened, ticks: IntakeTicks): Pick<Log, 'append'> {
  return {
    append: async (entries) => {
      ticks.expectContinuous();
      return timed.append(entries);
    },
  };
}

function kafkaCheck({ kafka }: Opened, ticks: IntakeTicks): ReadinessCheck {
  const silentMs = performance.now() - kafka.figures.confirmedAt;
  const isContinuous = ticks.age() <= GAP_MS;
  const detail = `${String(Math.round(silentMs / 1_000))} s since it last confirmed`;
  return {
    name: 'kafka',
    ok: silentMs <= STALE_MS && isContinuous,
    detail: isContinuous ? detail : `${detail}; nothing is taken in until the log tells of the gap`,
  };
}

function readinessOf(opened: Opened, ticks: IntakeTicks, source: IngestSource): Readiness {
  const { registry, timed } = opened;
  const checks: ReadinessCheck[] = [
    kafkaCheck(opened, ticks),
    registry.check(),
    { name: 'clock', ok: !timed.isInDoubt() },
    source.check(),
  ];
  return { ready: checks.every(({ ok }) => ok), checks };
}

async function openStage(parts: IngestParts): Promise<RunningStage> {
  const { config, logger, stops } = parts;
  const tracer = await openTracer(config, 'ingest', logger);
  if (tracer !== undefined) stops.push(() => tracer.close());
  const opened = await openParts(parts);
  const ticks = await startTicks(parts, opened);
  const { kafka, credentials, registry, followed, timed } = opened;
  const source = await startIngestSource({
    config,
    logger,
    tracer,
    log: intakeLog(opened, ticks),
    registry: registry.current,
    now: timed.now,
    credentials,
    name: config.sourceName ?? hostname(),
  });
  stops.push(() => source.stop());
  const { metrics: ingest } = source;
  const metricsText = createIngestMetricsText({
    ingest,
    log: kafka.figures,
    tickAgeMs: () => ticks.age(),
    source: source.figures,
    traces: tracer?.figures,
  });
  const server = await startStageServer({
    host: config.host,
    port: config.http,
    readiness: () => Promise.resolve(readinessOf(opened, ticks, source)),
    metricsText,
  });
  stops.push(() => server.stop());
  const failures = [followed.failed, ...(credentials === undefined ? [] : [credentials.failed])];
  return {
    addresses: { http: server.port, ...source.addresses },
    failed: Promise.race(failures),
    stop: () => stopAll(stops),
  };
}

/** The source first, so that what is under way is acknowledged; connections to Kafka at the same time. */
async function stopAll(stops: IngestParts['stops']): Promise<void> {
  const ends = stops.splice(0).reverse();
  for (const end of ends.slice(0, 3)) await end();
  await Promise.all(ends.slice(3).map((end) => end()));
}

/** @throws ConfigError, UnavailableError where a server is away at the start; what was opened is closed again */
export async function startIngestStage(
  config: Config,
  logger: Logger,
  clock: MachineClock = MACHINE,
): Promise<RunningStage> {
  const parts: IngestParts = { config, logger, clock, ...(await openKafka(config)), stops: [] };
  try {
    return await openStage(parts);
  } catch (error) {
    await stopAll(parts.stops);
    throw error;
  }
}
