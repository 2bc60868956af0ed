/**
 * Makes the messages that `tests/upgrade` hands to every later version:
 * `STACKWARDEN_TEST_KAFKA=HOST:PORT npx tsx tests/upgrade/write-kafka-fixture.ts DIR`.
 * Run it once with the version whose messages are to be kept, right before the format of any of them changes, on a
 * Kafka that is gone afterwards (`deploy/native/up kafka`). Files of earlier versions stay as they are.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { startDetectGroup } from '../../backends/kafka/detect-group.ts';
import { openDurableProducer, type DurableProducer } from '../../backends/kafka/durable-producer.ts';
import { KafkaCredentials } from '../../backends/kafka/kafka-credentials.ts';
import type { KafkaSettings } from '../../backends/kafka/kafka-settings.ts';
import { loadClient, type KafkaModule } from '../../backends/kafka/load-client.ts';
import { makeTopics } from '../../backends/kafka/make-topics.ts';
import { readRange } from '../../backends/kafka/read-range.ts';
import { topicName, topicPlans, TOPIC_NAMES } from '../../backends/kafka/topics.ts';
import { createDetectWorker, registryDigestOf, SHARED } from '../../cli/stages/detect-worker.ts';
import type { LogEntry } from '../../contracts/log-record.ts';
import { HANDED_OVER_MINUTE, KEPT_MINUTE, keptEntries, redriven, STOPPED_MINUTE, toMessages } from './kept-stream.ts';
import {
  ENTERED,
  KEPT_PARTITIONS,
  KEPT_WAYS,
  packMessages,
  type KeptMessage,
  type KeptSecrets,
  type KeptWay,
} from './kept-kafka.ts';

interface Writer {
  readonly module: KafkaModule;
  readonly settings: KafkaSettings;
  readonly producer: DurableProducer;
  /** Records of each partition of the log. */
  readonly ends: number[];
}

async function append({ settings, producer, ends }: Writer, entries: readonly LogEntry[]): Promise<void> {
  const messages = toMessages(settings, entries);
  await producer.send(messages);
  for (const { topic, partition } of messages)
    if (topic === topicName(settings, 'log')) ends[partition] = (ends[partition] ?? 0) + 1;
}

/** A detector goes on with everything and leaves when it is through. */
async function detect({ module, settings, ends }: Writer): Promise<void> {
  const group = startDetectGroup({
    module,
    settings,
    instance: 'kept',
    // Few commits: each repeats the head of the state.
    commitEveryMs: 1_000,
    registryOf: registryDigestOf,
    sharedKey: SHARED,
    createWorker: createDetectWorker,
    now: Date.now,
    onTrouble: (error) => {
      throw error;
    },
    onMissed: ({ partition }) => {
      throw new Error(`partition ${String(partition)} was cut off`);
    },
  });
  const isThrough = (): boolean =>
    group.partitions().filter(({ partition, next }) => next >= (ends[partition] ?? 0)).length === KEPT_PARTITIONS;
  while (!isThrough()) {
    await new Promise((wake) => {
      setTimeout(wake, 100);
    });
  }
  await group.close();
}

/** The letter is the only record that is not in every partition and belongs to no device. */
function letterOffset(entries: readonly LogEntry[], settings: KafkaSettings): number {
  const before = entries.slice(
    0,
    entries.findIndex(({ kind }) => kind === 'dead'),
  );
  const [letter] = toMessages(
    settings,
    entries.filter(({ kind }) => kind === 'dead'),
  );
  const topic = topicName(settings, 'log');
  return toMessages(settings, before).filter(
    (message) => message.topic === topic && message.partition === letter?.partition,
  ).length;
}

async function writeCredentials({ module, settings }: Writer): Promise<KeptSecrets> {
  const credentials = await KafkaCredentials.open({ module, settings });
  const [user, revokedUser] = ['works-0/cems-1', 'works-1/cems-1'];
  const { password } = await credentials.addDevice(user, [user]);
  const { password: revokedPassword } = await credentials.addDevice(revokedUser, [revokedUser]);
  await credentials.revokeDevice(revokedUser);
  const { secret: key } = await credentials.addKey('kept', 'district', ['practice']);
  await credentials.close();
  return { user, password, revokedUser, revokedPassword, key };
}

async function readAll({ module, settings }: Writer): Promise<KeptMessage[]> {
  const kept: KeptMessage[] = [];
  for (const topic of TOPIC_NAMES) {
    const partitions = topicPlans(settings, { logDays: 1, outcomeDays: 1, sampleDays: 1, replicas: 1 }).find(
      ({ name }) => name === topicName(settings, topic),
    )?.partitions;
    for (let partition = 0; partition < (partitions ?? 0); partition += 1) {
      const range = { topic: topicName(settings, topic), partition, fromOffset: 0 };
      for await (const messages of readRange(module, settings, range))
        for (const { key, value } of messages) kept.push({ topic, partition, key: String(key ?? ''), value });
    }
  }
  return kept;
}

/** What a broker leaves of `state` when it has removed what was written over; the other way keeps all of it. */
function compacted(messages: readonly KeptMessage[]): readonly KeptMessage[] {
  const newest = new Map(
    messages
      .filter(({ topic }) => topic === 'state')
      .map((message) => [`${String(message.partition)} ${message.key}`, message]),
  );
  return messages.filter(
    (message) => message.topic !== 'state' || newest.get(`${String(message.partition)} ${message.key}`) === message,
  );
}

interface Left {
  readonly messages: readonly KeptMessage[];
  readonly secrets: KeptSecrets;
}

async function leave(brokers: string, way: KeptWay): Promise<Left> {
  const transactions = way === 'with-transactions';
  const module = await loadClient();
  const prefix = `kept-${String(Date.now())}.`;
  const settings: KafkaSettings = { brokers, prefix, partitions: KEPT_PARTITIONS, transactions };
  const plans = topicPlans(settings, { logDays: 400, outcomeDays: 400, sampleDays: 400, replicas: 1 });
  await makeTopics(module, settings, { plans, replicas: 1 });
  const producer = await openDurableProducer(module, settings, 'kept');
  const writer: Writer = { module, settings, producer, ends: [] };
  const first = keptEntries(0, HANDED_OVER_MINUTE);
  await append(writer, first);
  await detect(writer);
  await append(writer, redriven(letterOffset(first, settings)));
  await append(writer, keptEntries(HANDED_OVER_MINUTE, STOPPED_MINUTE));
  await detect(writer);
  await append(writer, keptEntries(STOPPED_MINUTE, KEPT_MINUTE));
  const secrets = await writeCredentials(writer);
  const all = await readAll(writer);
  const messages = transactions ? compacted(all) : all;
  await producer.close();
  const counts = TOPIC_NAMES.map((name) => `${name} ${String(messages.filter(({ topic }) => topic === name).length)}`);
  process.stdout.write(`${way}: ${counts.join(', ')}\n`);
  return { messages, secrets };
}

const brokers = process.env['STACKWARDEN_TEST_KAFKA'];
const [target] = process.argv.slice(2);
if (brokers === undefined || target === undefined) throw new Error('wanted: STACKWARDEN_TEST_KAFKA, and a folder');
const folder = resolve(target);
mkdirSync(folder, { recursive: true });
for (const way of KEPT_WAYS) {
  const { messages, secrets } = await leave(brokers, way);
  const entered = messages.filter(({ topic }) => ENTERED.has(topic));
  writeFileSync(join(folder, 'entered.ndjson.gz'), packMessages(entered));
  writeFileSync(join(folder, `${way}.ndjson.gz`), packMessages(messages.filter(({ topic }) => !ENTERED.has(topic))));
  writeFileSync(join(folder, 'secrets.json'), `${JSON.stringify(secrets, undefined, 2)}\n`);
}
