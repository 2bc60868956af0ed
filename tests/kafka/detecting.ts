/** A partitioned log on a real Kafka with everything that a detector needs, for tests. */
import { randomUUID } from 'node:crypto';
import type { Message } from 'node-rdkafka';
import { startDetectGroup, type DetectGroup, type DetectGroupOptions } from '../../backends/kafka/detect-group.ts';
import { openDurableProducer, type OutgoingMessage } from '../../backends/kafka/durable-producer.ts';
import type { KafkaSettings } from '../../backends/kafka/kafka-settings.ts';
import { loadClient, type KafkaModule } from '../../backends/kafka/load-client.ts';
import { makeTopics } from '../../backends/kafka/make-topics.ts';
import { readRange } from '../../backends/kafka/read-range.ts';
import { readLog } from '../../backends/kafka/read-log.ts';
import { encodeRecord } from '../../backends/kafka/record-wire.ts';
import { encodeRegistry, openRegistryShelf } from '../../backends/kafka/registry-shelf.ts';
import { sitePartition } from '../../backends/kafka/site-partition.ts';
import { topicName, topicPlans, type TopicName } from '../../backends/kafka/topics.ts';
import { createDetectWorker, registryDigestOf, SHARED } from '../../cli/stages/detect-worker.ts';
import type { Finding } from '../../contracts/finding.ts';
import type { LogEntry, LogRecord } from '../../contracts/log-record.ts';
import { createReplay } from '../../detect/runner/replay.ts';

export interface TestLog {
  readonly module: KafkaModule;
  readonly settings: KafkaSettings;
  /** Reports to their partitions, everything else to all. */
  append(entries: readonly LogEntry[]): Promise<void>;
  close(): Promise<void>;
}

export async function openTestLog(brokers: string, partitions: number, transactions = true): Promise<TestLog> {
  const module = await loadClient();
  const settings: KafkaSettings = { brokers, prefix: `t-${randomUUID()}.`, partitions, transactions };
  await makeTopics(module, settings, {
    plans: topicPlans(settings, { logDays: 400, outcomeDays: 400, sampleDays: 14, replicas: 1 }),
    replicas: 1,
  });
  const producer = await openDurableProducer(module, settings, 'test');
  const topic = topicName(settings, 'log');
  const all = Array.from({ length: partitions }, (_, partition) => partition);
  return {
    module,
    settings,
    async append(entries) {
      const registries = entries.flatMap((entry) => (entry.kind === 'registry' ? [entry] : []));
      for (const { files } of registries) await producer.send(encodeRegistry(settings, files).messages);
      const messages = entries.flatMap((entry): OutgoingMessage[] => {
        if (entry.kind === 'report') {
          const partition = sitePartition(entry.site, partitions);
          return [{ topic, partition, key: entry.site, value: encodeRecord(entry) }];
        }
        const digest = entry.kind === 'registry' ? { digest: encodeRegistry(settings, entry.files).digest } : {};
        const value = encodeRecord({ ...entry, ...digest });
        return all.map((partition) => ({ topic, partition, key: '', value }));
      });
      await producer.send(messages);
    },
    close: () => producer.close(),
  };
}

export function startTestGroup(
  { module, settings }: TestLog,
  troubles: Error[],
  createWorker: DetectGroupOptions['createWorker'] = createDetectWorker,
): DetectGroup {
  return startDetectGroup({
    module,
    settings,
    instance: randomUUID(),
    commitEveryMs: 50,
    registryOf: registryDigestOf,
    sharedKey: SHARED,
    createWorker,
    now: Date.now,
    onTrouble: (error) => troubles.push(error),
    onMissed: ({ partition, from, to }) =>
      troubles.push(new Error(`partition ${String(partition)} missed ${String(from)} to ${String(to)}`)),
  });
}

async function readAll({ module, settings }: TestLog, name: TopicName, partition: number): Promise<Message[]> {
  const found: Message[] = [];
  const range = { topic: topicName(settings, name), partition, fromOffset: 0 };
  for await (const messages of readRange(module, settings, range)) found.push(...messages);
  return found;
}

/** The newest form of each finding, as outsiders read it. */
export async function findingsOf(log: TestLog): Promise<ReadonlyMap<string, Finding>> {
  const findings = new Map<string, Finding>();
  for (let partition = 0; partition < log.settings.partitions; partition += 1) {
    for (const { key, value } of await readAll(log, 'findings', partition))
      findings.set(String(key), JSON.parse(String(value)) as Finding);
  }
  return findings;
}

export async function recordsOf(log: TestLog, partition: number): Promise<LogRecord[]> {
  const shelf = openRegistryShelf(log.module, log.settings);
  const records: LogRecord[] = [];
  for await (const some of readLog(log.module, log.settings, { partition, shelf })) records.push(...some);
  return records;
}

/** What a replay of every partition finds. */
export async function replayedFindings(log: TestLog): Promise<ReadonlyMap<string, Finding>> {
  const findings = new Map<string, Finding>();
  for (let partition = 0; partition < log.settings.partitions; partition += 1) {
    const replay = createReplay({ wantsMeans: false });
    for (const record of await recordsOf(log, partition)) replay.take(record);
    for (const finding of replay.finish().findings) findings.set(finding.id, finding);
  }
  return findings;
}
