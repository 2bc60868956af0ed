/** Detection as a process of its own: as many as wanted share the partitions of the log. */
import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { Readiness } from '../../api/deps.ts';
import { startBacklogMover } from '../../backends/kafka/backlog-mover.ts';
import { startDetectGroup, type DetectGroup, type DetectGroupOptions } from '../../backends/kafka/detect-group.ts';
import { leaksOffsets, MOST_LEAKED_ENTRIES } from '../../backends/kafka/known-leak.ts';
import type { Config } from '../config.ts';
import { openKafka, type OpenedKafka } from '../open-kafka.ts';
import { openTracer } from '../open-tracer.ts';
import { createDetectMetrics } from './detect-metrics.ts';
import { createDetectWorker, registryDigestOf, SHARED } from './detect-worker.ts';
import type { RunningStage } from './run-stage.ts';
import { startStageServer } from './stage-server.ts';

/** A finding may wait so long for the next commit: each costs the broker the same, however much is in it. */
const COMMIT_EVERY_MS = 100;

function readinessOf(group: DetectGroup): Readiness {
  const trouble = group.trouble();
  const checks = [
    { name: 'kafka', ok: trouble === undefined, ...(trouble === undefined ? {} : { detail: trouble.message }) },
  ];
  return { ready: trouble === undefined, checks };
}

function startGroup(kafka: OpenedKafka, tracer: DetectGroupOptions['tracer'], logger: Logger): DetectGroup {
  return startDetectGroup({
    ...kafka,
    instance: randomUUID(),
    commitEveryMs: COMMIT_EVERY_MS,
    registryOf: registryDigestOf,
    sharedKey: SHARED,
    createWorker: createDetectWorker,
    now: Date.now,
    tracer,
    ...(kafka.settings.transactions && leaksOffsets() ? { mostOffsetEntries: MOST_LEAKED_ENTRIES } : {}),
    onTrouble: (err) => {
      logger.warn({ err: err.message }, 'detect.unclear');
    },
    onMissed: (missed) => {
      logger.error(missed, 'detect.missed');
    },
  });
}

/** @throws ConfigError, UnavailableError where Kafka is away at the start */
export async function startDetectStage(config: Config, logger: Logger): Promise<RunningStage> {
  const kafka = await openKafka(config);
  const tracer = await openTracer(config, 'detect', logger);
  const group = startGroup(kafka, tracer, logger);
  const mover = startBacklogMover({
    ...kafka,
    group,
    share: config.backlogSharePercent / 100,
    onTrouble: (err) => {
      logger.warn({ err: err.message }, 'detect.backlog.unclear');
    },
  });
  const close = async (): Promise<void> => {
    // At once: neither waits for the other's server.
    await Promise.all([mover.close(), group.close()]);
    await tracer?.close();
  };
  try {
    const server = await startStageServer({
      host: config.host,
      port: config.http,
      readiness: () => Promise.resolve(readinessOf(group)),
      metricsText: createDetectMetrics(group, mover.figures, Date.now, tracer?.figures),
    });
    const stop = async (): Promise<void> => {
      await close();
      await server.stop();
    };
    return { addresses: { http: server.port }, failed: group.failed, stop };
  } catch (error) {
    await close();
    throw error;
  }
}
