/** Everything in one process with embedded storage: ingest → log → detect → API. */
import { readFileSync } from 'node:fs';
import { startApi, type RunningApi } from '../api/start.ts';
import type { ApiLogger, Readiness } from '../api/deps.ts';
import { InputError } from '../contracts/errors.ts';
import { formatProblem } from '../contracts/registry/problem.ts';
import type { RegistryText } from '../contracts/registry/read-registry.ts';
import { DAY_MS } from '../contracts/time/instant.ts';
import { startEndpoint, type Endpoint } from '../ingest/endpoint.ts';
import { createIngestMetrics, type IngestMetrics } from '../ingest/metrics.ts';
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
  readonly logger: ApiLogger;
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

async function putRegistryIntoForce(
  registry: RegistryInForce,
  store: EmbeddedStore,
  files: readonly RegistryText[] | undefined,
): Promise<void> {
  if (store.registryFiles !== null) registry.follow(store.registryFiles);
  store.onRegistry((followed) => {
    registry.follow(followed);
  });
  if (files === undefined) return;
  const imported = await registry.import(files);
  if (!imported.ok) throw new InputError(imported.error.map((problem) => formatProblem(problem)).join('\n'));
}

function retainRegularly({ store }: EmbeddedStore, config: Config, logger: ApiLogger): () => void {
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

interface Started {
  readonly options: EmbeddedOptions;
  readonly store: EmbeddedStore;
  readonly registry: RegistryInForce;
  readonly now: () => number;
  readonly tls: ReturnType<typeof readTls>;
  readonly insecure: boolean;
  readonly metrics: IngestMetrics;
}

function startMqtt({ options, store, registry, now, tls, insecure, metrics }: Started): Promise<Endpoint> {
  return startEndpoint({
    log: store.store,
    registry: () => registry.current(),
    ...(insecure ? { insecure: true } : { credentials: store.credentials }),
    host: options.config.host,
    port: options.config.mqtt,
    ...(tls === undefined ? {} : { tls }),
    events: options.logger,
    metrics,
    now,
  });
}

/** Who waits for new changes is woken after each commit of detection. */
function followChanges({ store, options }: Started): (wake: () => void) => () => void {
  const listeners = new Set<() => void>();
  store.store.onProgress(() => {
    for (const wake of listeners) wake();
  });
  store.store.onTrouble((err) => {
    options.logger.error({ err }, 'detect.commit.failed');
  });
  return (wake) => {
    listeners.add(wake);
    return () => listeners.delete(wake);
  };
}

function startHttp(started: Started): Promise<RunningApi> {
  const { options, store, registry, now, tls, insecure, metrics } = started;
  const metricsText = createMetricsText({ ingest: () => metrics, readModel: store.reader });
  return startApi(
    {
      readModel: store.reader,
      log: store.store,
      credentials: store.credentials,
      registry: () => registry.current(),
      importRegistry: (files) => registry.import(files),
      redrive: redriveThrough(store.store, () => registry.current(), now),
      insecure,
      now,
      logger: options.logger,
      metricsText: () => metricsText.text(),
      readiness: () => readiness(store),
      onChange: followChanges(started),
      onServed: (request) => {
        metricsText.served(request);
      },
    },
    { host: options.config.host, port: options.config.http, ...(tls === undefined ? {} : { tls }) },
  );
}

/** @throws as its parts do; what was started before is stopped again */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const { config, folder, registryFiles, logger } = options;
  const store = await openEmbeddedStore(folder);
  const stops: (() => Promise<void> | void)[] = [() => store.close()];
  const stop = async (): Promise<void> => {
    for (const end of stops.splice(0).reverse()) await end();
  };
  try {
    const now = createReceivedClock(Date.now);
    // Nobody listened until now: that the devices were not heard is not their doing.
    if ((await store.store.bounds()).next > 0)
      await store.store.append([{ kind: 'tick', received: now(), restarted: true }]);
    const registry = createRegistryInForce(store.store, now);
    await putRegistryIntoForce(registry, store, registryFiles);
    const insecure = config.insecure || config.demo;
    const started: Started = {
      options,
      store,
      registry,
      now,
      tls: readTls(config),
      insecure,
      metrics: createIngestMetrics(),
    };
    const mqtt = await startMqtt(started);
    stops.push(() => mqtt.stop(), startTicks(store, now, logger), retainRegularly(store, config, logger));
    const http = await startHttp(started);
    stops.push(() => http.stop());
    stops.push(await publishServer(folder, http.url, insecure ? undefined : store.credentials));
    const failed = store.store.ended().then((error) => error ?? new Error('the store was closed'));
    return { http, mqtt, store, failed, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
