/** Everything in one process with embedded storage: ingest → log → detect → API. */
import { startApi, type RunningApi } from '../api/start.ts';
import type { ApiLogger } from '../api/deps.ts';
import { InputError } from '../contracts/errors.ts';
import type { Tracer } from '../contracts/ports/tracer.ts';
import { formatProblem } from '../contracts/registry/problem.ts';
import type { RegistryText } from '../contracts/registry/read-registry.ts';
import { startEndpoint, type Endpoint } from '../ingest/endpoint.ts';
import { createIngestMetrics, type IngestMetrics } from '../ingest/metrics.ts';
import { checkNightly } from './nightly-check.ts';
import { retainRegularly } from './regular-retention.ts';
import { readiness, storeFigures, watchStore, type StoreWatch } from './store-health.ts';
import { createTimedLog, type MachineClock, type TimedLog } from './timed-log.ts';
import type { Config } from './config.ts';
import { openTracer } from './open-tracer.ts';
import { openEmbeddedStore, type EmbeddedStore } from './embedded-store.ts';
import { createMetricsText, type StoreFigures } from './metrics-text.ts';
import { readTls } from './read-tls.ts';
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
  /** The machine's, unless another is given. */
  readonly clock?: MachineClock;
}

export interface Embedded {
  readonly http: RunningApi;
  readonly mqtt: Endpoint;
  readonly store: EmbeddedStore;
  /** Resolves when the store has ended by itself: with its error. */
  readonly failed: Promise<Error>;
  stop(): Promise<void>;
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

interface Started {
  readonly options: EmbeddedOptions;
  readonly store: EmbeddedStore;
  readonly registry: RegistryInForce;
  readonly log: TimedLog;
  readonly watch: StoreWatch;
  readonly now: () => number;
  readonly tls: ReturnType<typeof readTls>;
  readonly insecure: boolean;
  readonly metrics: IngestMetrics;
  readonly tracer: Tracer | undefined;
}

function startMqtt({ options, store, log, registry, now, tls, insecure, metrics, tracer }: Started): Promise<Endpoint> {
  const { connections, storageRefusalSeconds } = options.config;
  return startEndpoint({
    log,
    limits: { connections, refusalMs: storageRefusalSeconds * 1_000 },
    registry: () => registry.current(),
    ...(insecure ? { insecure: true } : { credentials: store.credentials }),
    host: options.config.host,
    port: options.config.mqtt,
    ...(tls === undefined ? {} : { tls }),
    events: options.logger,
    metrics,
    now,
    tracer,
  });
}

/** Who waits for new changes is woken after each commit of detection. */
function followChanges({ store }: Started): (wake: () => void) => () => void {
  const listeners = new Set<() => void>();
  store.store.onProgress(() => {
    for (const wake of listeners) wake();
  });
  return (wake) => {
    listeners.add(wake);
    return () => listeners.delete(wake);
  };
}

function startHttp(started: Started): Promise<RunningApi> {
  const { options, store, log, watch, registry, now, tls, insecure, metrics } = started;
  const figures = (): StoreFigures => storeFigures(options.folder, watch);
  const metricsText = createMetricsText({ ingest: () => metrics, readModel: store.reader, store: figures });
  return startApi(
    {
      readModel: store.reader,
      log,
      credentials: store.credentials,
      registry: () => registry.current(),
      importRegistry: (files) => registry.import(files),
      redrive: redriveThrough(log, () => registry.current(), now),
      insecure,
      now,
      logger: options.logger,
      metricsText: () => metricsText.text(),
      readiness: () => readiness(options.folder, store, watch),
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
    const watch = watchStore(store, logger);
    const log = await createTimedLog(store.store, options.clock, logger);
    const { now } = log;
    // Nobody listened until now: that the devices were not heard is not their doing.
    if ((await store.store.bounds()).next > 0)
      await store.store.append([{ kind: 'tick', received: now(), restarted: true }]);
    const registry = createRegistryInForce(log, now);
    await putRegistryIntoForce(registry, store, registryFiles);
    const insecure = config.insecure || config.demo;
    const tracer = await openTracer(config, 'start', logger);
    if (tracer !== undefined) stops.push(() => tracer.close());
    const [metrics, tls] = [createIngestMetrics(), readTls(config)];
    const started: Started = { options, store, log, watch, registry, now, tls, insecure, metrics, tracer };
    const mqtt = await startMqtt(started);
    stops.push(() => mqtt.stop(), startTicks(log, store, logger), retainRegularly(store, config, { now, logger }));
    stops.push(checkNightly(folder, { registry: () => registry.current(), watch, logger }));
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
