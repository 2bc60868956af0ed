/** Ingest processes on a real Kafka, in this process, and devices that remember what was acknowledged to them. */
import { setTimeout as pause } from 'node:timers/promises';
import { connect, type IClientOptions, type MqttClient } from 'mqtt';
import { pino } from 'pino';
import { KafkaLog } from '../../backends/kafka/kafka-log.ts';
import { readConfig, type PartialConfig } from '../../cli/config.ts';
import type { RunningStage } from '../../cli/stages/run-stage.ts';
import { startIngestStage } from '../../cli/stages/ingest-stage.ts';
import type { MachineClock } from '../../cli/timed-log.ts';
import type { Readiness } from '../../api/deps.ts';
import type { Ends } from '../support/ends-after-each.ts';
import type { OwnTopics } from './own-topics.ts';

export const SITES = ['alpha', 'beta', 'gamma', 'delta'];

export const REGISTRY = `version: 1
timezone: Asia/Shanghai
districts: [{id: d, name: 示例分局}]
sites:
${SITES.map(
  (site) =>
    `  - {id: ${site}, name: ${site}, district: d, industry: cement, devices: [{id: m-1, kind: meter, every: PT1M}, {id: m-2, kind: meter, every: PT1M}]}`,
).join('\n')}
`;

export async function importRegistry({ module, settings }: OwnTopics, text = REGISTRY): Promise<void> {
  const log = await KafkaLog.open({ module, settings, name: 'import', replaced: () => undefined });
  await log.append([{ kind: 'registry', received: Date.now(), files: [{ name: 'registry.yaml', text }] }]);
  await log.close();
}

export interface Ingesting extends RunningStage {
  readonly url: string;
  readonly port: number;
  ready(): Promise<Readiness>;
  metrics(): Promise<string>;
}

export async function startIngesting(
  { settings }: OwnTopics,
  more: PartialConfig = {},
  clock?: MachineClock,
): Promise<Ingesting> {
  const config = readConfig(
    {
      log: 'kafka',
      kafkaBrokers: settings.brokers,
      kafkaPrefix: settings.prefix,
      kafkaPartitions: settings.partitions,
      http: 0,
      mqtt: 0,
      insecure: true,
      ...more,
    },
    {},
  );
  const stage = await startIngestStage(config, pino({ level: 'silent' }), clock);
  const http = `http://127.0.0.1:${String(stage.addresses['http'])}`;
  const get = async (path: string): Promise<string> => (await fetch(`${http}${path}`)).text();
  return {
    ...stage,
    url: String(stage.addresses['mqttUrl'] ?? ''),
    port: Number(stage.addresses['mqtt'] ?? 0),
    ready: async () => JSON.parse(await get('/health/ready')) as Readiness,
    metrics: () => get('/metrics'),
  };
}

/** Starts ingest processes that are stopped with whatever else is in the list. */
export function ingestingUntil(ends: Ends): typeof startIngesting {
  return async (...args) => {
    const stage = await startIngesting(...args);
    ends.push(() => stage.stop());
    return stage;
  };
}

export const topicOf = (site: string, device = 'm-1'): string => `stackwarden/v1/${site}/${device}/report`;

/** A report of now; the number tells it apart. */
export function reportOf(power: number, more: object = {}): string {
  return JSON.stringify({ ts: new Date().toISOString(), values: { power }, ...more });
}

/** A device that connects again whenever it has to, and sends each report until it is acknowledged. */
export class Device {
  readonly acknowledged: number[] = [];
  readonly #url: string;
  readonly #site: string;
  readonly #options: IClientOptions;
  #client: MqttClient | undefined;
  #isStopped = false;
  #running: Promise<void> | undefined;

  constructor(url: string, site: string, options: IClientOptions = {}) {
    this.#url = url;
    this.#site = site;
    this.#options = options;
  }

  start(): this {
    this.#running = this.#run();
    return this;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#client?.end(true);
    await this.#running;
  }

  async #run(): Promise<void> {
    for (let n = 0; !this.#isStopped; n += 1) {
      const text = reportOf(n);
      while (!this.#isStopped && !(await this.#send(text))) await pause(50);
      if (!this.#isStopped) this.acknowledged.push(n);
    }
  }

  async #send(text: string): Promise<boolean> {
    try {
      this.#client ??= await this.#connect();
      await this.#client.publishAsync(topicOf(this.#site), text, { qos: 1 });
      return true;
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      this.#client = undefined;
      return false;
    }
  }

  #connect(): Promise<MqttClient> {
    const client = connect(this.#url, { reconnectPeriod: 0, connectTimeout: 2_000, ...this.#options });
    client.on('error', () => undefined);
    return new Promise((resolve, reject) => {
      client.on('close', () => {
        if (this.#client === client) this.#client = undefined;
        // What waits for a PUBACK learns that none comes.
        client.end(true);
        reject(new Error('closed'));
      });
      client.on('connect', () => {
        resolve(client);
      });
    });
  }
}

/** Numbers of the reports of a site that stand in the log or beside it. */
async function numbersInLog(topics: OwnTopics, site: string): Promise<ReadonlySet<number>> {
  const found = new Set<number>();
  for (const name of ['log', 'backlog'] as const) {
    for (let partition = 0; partition < topics.settings.partitions; partition += 1) {
      for (const record of await topics.records(partition, name)) {
        if (record.kind !== 'report' || record.site !== site) continue;
        found.add((JSON.parse(record.body) as { values: { power: number } }).values.power);
      }
    }
  }
  return found;
}

/** Reports that were acknowledged and are nowhere. */
export async function lostReports(topics: OwnTopics, devices: ReadonlyMap<string, Device>): Promise<readonly string[]> {
  const lost: string[] = [];
  for (const [site, { acknowledged }] of devices) {
    const there = await numbersInLog(topics, site);
    for (const n of acknowledged) if (!there.has(n)) lost.push(`${site} ${String(n)}`);
  }
  return lost;
}
