/** All stages as processes on real servers, as a centre runs them: two of ingest and of detect behind a balancer. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadClient } from '../../backends/kafka/load-client.ts';
import type { KafkaSettings } from '../../backends/kafka/kafka-settings.ts';
import { readLog } from '../../backends/kafka/read-log.ts';
import { openRegistryShelf } from '../../backends/kafka/registry-shelf.ts';
import type { Finding } from '../../contracts/finding.ts';
import type { LogRecord } from '../../contracts/log-record.ts';
import { createReplay } from '../../detect/runner/replay.ts';
import { runCommand } from '../end-to-end/built-command.ts';
import type { InfluxAddress } from '../servers/addresses.ts';
import { startBalancer, type Balancer } from './balancer.ts';
import { StageProcess } from './stage-process.ts';

export interface ProductionOptions {
  /** As the stages reach it. */
  readonly brokers: string;
  /** As this test reaches it, where that is another way. */
  readonly brokersOfTest?: string;
  readonly influx?: InfluxAddress;
  readonly registry: string;
  readonly partitions?: number;
  readonly transactions?: boolean;
  readonly detectors?: number;
  readonly env?: Readonly<Record<string, string>>;
}

export interface ProductionSystem {
  readonly stages: readonly StageProcess[];
  readonly settings: KafkaSettings;
  readonly mqttUrl: string;
  stage(name: string): StageProcess;
  /** Records of every partition, as the detectors take them. */
  records(): Promise<readonly (readonly LogRecord[])[]>;
  /** An answer of the API. */

  ask<T>(path: string): Promise<T>;
  /** What the API shows. */
  findings(): Promise<readonly Finding[]>;
  stop(): Promise<readonly { readonly name: string; readonly code: number | null; readonly ms: number }[]>;
}

function environmentOf(options: ProductionOptions, prefix: string, folder: string): Record<string, string> {
  const { brokers, influx, partitions = 6, transactions = true, env = {} } = options;
  const series =
    influx === undefined
      ? {}
      : {
          STACKWARDEN_SERIES: 'influx',
          STACKWARDEN_INFLUX_URL: influx.url,
          STACKWARDEN_INFLUX_ORG: influx.organisation,
          STACKWARDEN_INFLUX_BUCKET: influx.bucket,
          STACKWARDEN_INFLUX_TOKEN: influx.token,
        };
  return {
    STACKWARDEN_LOG: 'kafka',
    STACKWARDEN_KAFKA_BROKERS: brokers,
    STACKWARDEN_KAFKA_PREFIX: prefix,
    STACKWARDEN_KAFKA_PARTITIONS: String(partitions),
    STACKWARDEN_KAFKA_TRANSACTIONS: String(transactions),
    STACKWARDEN_INSECURE: 'true',
    STACKWARDEN_DATA: join(folder, 'api'),
    UV_THREADPOOL_SIZE: '16',
    ...series,
    ...env,
  };
}

function stagesOf({ detectors = 2, influx }: ProductionOptions, env: Record<string, string>): StageProcess[] {
  const named = (name: string, args: readonly string[]): StageProcess => new StageProcess(name, args, env);
  return [
    ...[1, 2].map((number) => named(`ingest-${String(number)}`, ['ingest', '--mqtt', '0'])),
    ...Array.from({ length: detectors }, (_, at) => named(`detect-${String(at + 1)}`, ['detect'])),
    named('api', ['api']),
    ...(influx === undefined ? [] : [named('series', ['series'])]),
  ];
}

async function ask(port: number, path: string): Promise<unknown> {
  const response = await fetch(`http://127.0.0.1:${String(port)}${path}`);
  if (!response.ok) throw new Error(`${path}: ${String(response.status)} ${await response.text()}`);
  return response.json();
}

async function listFindings(port: number): Promise<readonly Finding[]> {
  const items: Finding[] = [];
  let cursor: string | null = null;
  do {
    const query = new URLSearchParams({ limit: '1000', ...(cursor === null ? {} : { cursor }) });
    const page = (await ask(port, `/api/v1/findings?${query.toString()}`)) as { items: Finding[]; next: string | null };
    items.push(...page.items);
    cursor = page.next;
  } while (cursor !== null);
  return items;
}

/** What a replay of each partition finds. */
export function replayedFindings(partitions: readonly (readonly LogRecord[])[]): readonly Finding[] {
  return partitions.flatMap((records) => {
    const replay = createReplay({ wantsMeans: false });
    for (const record of records) replay.take(record);
    return [...replay.finish().findings];
  });
}

/** Starts everything and puts the registry into force; what was started is stopped again where that fails. */
export async function startProduction(options: ProductionOptions): Promise<ProductionSystem> {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'stackwarden-production-'));
  const prefix = `p-${randomUUID()}.`;
  const env = environmentOf(options, prefix, folder);
  const { brokers, brokersOfTest = brokers, partitions = 6, transactions = true } = options;
  const settings: KafkaSettings = { brokers: brokersOfTest, prefix, partitions, transactions };
  const stages = stagesOf(options, env);
  const ports = (): readonly number[] =>
    stages.filter(({ name }) => name.startsWith('ingest')).flatMap((stage) => stage.ready()?.mqtt ?? []);
  let balancer: Balancer | undefined;
  const stop: ProductionSystem['stop'] = async () => {
    await balancer?.close();
    const ended = await Promise.all(stages.map(async (stage) => ({ name: stage.name, ...(await stage.stop()) })));
    rmSync(folder, { recursive: true, force: true });
    return ended;
  };
  const stage = (name: string): StageProcess => {
    const found = stages.find((candidate) => candidate.name === name);
    if (found === undefined) throw new Error(`no stage ${name}`);
    return found;
  };
  try {
    const path = join(folder, 'registry.yaml');
    writeFileSync(path, options.registry);
    const imported = await runCommand(['registry', 'import', path], { env });
    if (imported.code !== 0) throw new Error(`registry import: ${imported.stderr}`);
    await Promise.all(stages.map((one) => one.start()));
    balancer = await startBalancer(ports);
    const module = await loadClient();
    const shelf = openRegistryShelf(module, settings);
    return {
      stages,
      settings,
      mqttUrl: `mqtt://127.0.0.1:${String(balancer.port)}`,
      stage,
      stop,
      ask: async <T>(asked: string) => {
        const { http } = await stage('api').whenReady();
        return (await ask(http, asked).catch((error: unknown) => {
          throw new Error(`${String(error)}\n${stage('api').lastWords()}`, { cause: error });
        })) as T;
      },
      findings: async () => listFindings((await stage('api').whenReady()).http),
      records: () =>
        Promise.all(
          Array.from({ length: partitions }, async (_, partition) => {
            const records: LogRecord[] = [];
            for await (const some of readLog(module, settings, { partition, shelf })) records.push(...some);
            return records;
          }),
        ),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
