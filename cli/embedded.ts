/** Everything in one process with embedded storage: ingest → log → detect → API. */
import { readFileSync } from 'node:fs';
import type { FastifyBaseLogger } from 'fastify';
import { startApi, type RunningApi } from '../api/start.ts';
import type { Readiness } from '../api/deps.ts';
import { InputError } from '../contracts/errors.ts';
import { formatProblem } from '../contracts/registry/problem.ts';
import type { RegistryText } from '../contracts/registry/read-registry.ts';
import { DAY_MS } from '../contracts/time/instant.ts';
import { startEndpoint, type Endpoint } from '../ingest/endpoint.ts';
import { createIngestMetrics } from '../ingest/metrics.ts';
import { createReceivedClock } from '../ingest/received-clock.ts';
import type { Config } from './config.ts';
import { openEmbeddedStore, type EmbeddedStore } from './embedded-store.ts';
import { createMetricsText } from './metrics-text.ts';
import { publishServer } from './running-server.ts';
import { redriveThrough } from './redrive-through.ts';
import { createRegistryInForce, type RegistryInForce } from './registry-in-force.ts';
import { startTicks } from './ticks.ts';

export interface EmbeddedOptions {
  readonly config: Config;
  readonly folder: string;
  /** Files of the registry to put into force; absent = what the log has. */
  readonly registryFiles?: readonly RegistryText[];
  readonly logger: FastifyBaseLogger;
}

export interface Embedded {
  readonly http: RunningApi;
  readonly mqtt: Endpoint;
  readonly store: EmbeddedStore;
  /** Resolves when the store has ended by itself: with its error. */
  readonly failed: Promise<Error>;
  stop(): Promise<void>;
}

const RETAIN_EVERY_MS = 3_600_000;

function readTls({ tlsKey, tlsCert, tlsCa }: Config): { key: Buffer; cert: Buffer; ca?: Buffer } | undefined {
  if (tlsKey === undefined || tlsCert === undefined) return undefined;
  const ca = tlsCa === undefined ? {} : { ca: readFileSync(tlsCa) };
  return { key: readFileSync(tlsKey), cert: readFileSync(tlsCert), ...ca };
}

async function putRegistryIntoForce(registry: RegistryInForce, store: EmbeddedStore, files: readonly RegistryText[] | undefined): Promise<void> {
  if (store.registryFiles !== null) registry.follow(store.registryFiles);
  store.onRegistry((followed) => {
    registry.follow(followed);
  });
  if (files === undefined) return;
  const imported = await registry.import(files);
  if (!imported.ok) throw new InputError(imported.error.map((problem) => formatProblem(problem)).join('\n'));
}

function retainRegularly({ store }: EmbeddedStore, config: Config, logger: FastifyBaseLogger): () => void {
  const policy = {
    logMs: config.retainLogDays * DAY_MS,
    samplesMs: config.retainSampleDays * DAY_MS,
    meansMs: config.retainMeanDays * DAY_MS,
    deadLettersMs: config.retainDeadLetterDays * DAY_MS,
    changesMs: 30 * DAY_MS,
  };
  const run = async (): Promise<void> => {
    try {
      await store.retain(policy, Date.now());
    } catch (err) {
      logger.warn({ err }, 'store.retention.failed');
    }
  };
  const timer = setInterval(() => void run(), RETAIN_EVERY_MS);
  timer.unref();
  return () => {
    clearInterval(timer);
  };
}

async function readiness(store: EmbeddedStore): Promise<Readiness> {
  const tally = await store.reader.tally();
  const isFull = store.store.isFull();
  return {
    ready: !isFull,
    checks: [
      { name: 'store', ok: !isFull, ...(isFull ? { detail: 'too much waits to be written' } : {}) },
      { name: 'detect', ok: true, detail: `${String(tally.lagRecords)} records behind` },
    ],
  };
}

/** @throws as its parts do; what was started before is stopped again */
export async function startEmbedded({ config, folder, registryFiles, logger }: EmbeddedOptions): Promise<Embedded> {
  const store = await openEmbeddedStore(folder);
  const stops: (() => Promise<void> | void)[] = [() => store.close()];
  const stop = async (): Promise<void> => {
    for (const end of stops.splice(0).reverse()) await end();
  };
  try {
    const now = createReceivedClock(Date.now);
    const registry = createRegistryInForce(store.store, now);
    await putRegistryIntoForce(registry, store, registryFiles);
    const tls = readTls(config);
    const metrics = createIngestMetrics();
    const { insecure, host } = { insecure: config.insecure || config.demo, host: config.host };
    const mqtt = await startEndpoint({
      log: store.store,
      registry: () => registry.current(),
      ...(insecure ? { insecure: true } : { credentials: store.credentials }),
      host,
      port: config.mqtt,
      ...(tls === undefined ? {} : { tls }),
      events: logger,
      metrics,
      now,
    });
    stops.push(() => mqtt.stop());
    stops.push(startTicks(store, now, logger));
    stops.push(retainRegularly(store, config, logger));
    const metricsText = createMetricsText({ ingest: () => metrics, readModel: store.reader });
    const listeners = new Set<() => void>();
    store.store.onProgress(() => {
      for (const wake of listeners) wake();
    });
    store.store.onTrouble((err) => {
      logger.error({ err }, 'detect.commit.failed');
    });
    const http = await startApi(
      {
        readModel: store.reader,
        log: store.store,
        credentials: store.credentials,
        registry: () => registry.current(),
        importRegistry: (files) => registry.import(files),
        redrive: redriveThrough(store.store, () => registry.current(), now),
        insecure,
        now,
        logger,
        metricsText: () => metricsText.text(),
        readiness: () => readiness(store),
        onChange: (wake) => {
          listeners.add(wake);
          return () => listeners.delete(wake);
        },
        onServed: (request) => {
          metricsText.served(request);
        },
      },
      { host, port: config.http, ...(tls === undefined ? {} : { tls }) },
    );
    stops.push(() => http.stop());
    stops.push(await publishServer(folder, http.url, insecure ? undefined : store.credentials));
    const failed = store.store.ended().then((error) => error ?? new Error('the store was closed'));
    return { http, mqtt, store, failed, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
