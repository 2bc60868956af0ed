/**
 * `npm run bench:kafka-leak`: what the client of Kafka keeps for good of what is handed to `sendOffsetsToTransaction`:
 * rounds of transactions with many entries, and as many without any. Needs STACKWARDEN_TEST_KAFKA.
 */
import { randomUUID } from 'node:crypto';
import { leaksOffsets } from '../../backends/kafka/known-leak.ts';
import { clientConfig, type KafkaSettings } from '../../backends/kafka/kafka-settings.ts';
import { loadClient } from '../../backends/kafka/load-client.ts';
import { settle } from '../../backends/kafka/settle.ts';
import { makeTopics } from '../../backends/kafka/make-topics.ts';

const PARTITIONS = 500;
const TRANSACTIONS = 200;
const ROUNDS = 4;
const ANSWER_MS = 20_000;

const brokers = process.env['STACKWARDEN_TEST_KAFKA'];
if (brokers === undefined || brokers === '') throw new Error('no Kafka: set STACKWARDEN_TEST_KAFKA');
const settings: KafkaSettings = {
  brokers,
  prefix: `leak-${randomUUID()}.`,
  partitions: PARTITIONS,
  transactions: true,
};
const topic = `${settings.prefix}log`;
const module = await loadClient();
await makeTopics(module, settings, { plans: [{ name: topic, partitions: PARTITIONS, config: {} }], replicas: 1 });

const fence = new module.KafkaConsumer({ ...clientConfig(settings, 'leak'), 'group.id': `${settings.prefix}leak` }, {});
await settle<unknown>('connect', (done) => {
  fence.connect({ timeout: ANSWER_MS }, done);
});
const producer = new module.Producer({ ...clientConfig(settings, 'leak'), 'transactional.id': randomUUID() }, {});
await settle<unknown>('connect', (done) => {
  producer.connect({ timeout: ANSWER_MS }, done);
});
await settle('begin', (done) => {
  producer.initTransactions(ANSWER_MS, done);
});

const entries = Array.from({ length: PARTITIONS }, (_, partition) => ({ topic, partition, offset: 1 }));

async function round(offsets: typeof entries): Promise<number> {
  for (let count = 0; count < TRANSACTIONS; count += 1) {
    await settle('begin', (done) => {
      producer.beginTransaction(done);
    });
    producer.produce(topic, 0, Buffer.from('x'), 'key');
    await settle('ask the group', (done) => {
      producer.sendOffsetsToTransaction(offsets, fence, ANSWER_MS, done);
    });
    await settle('commit', (done) => {
      producer.commitTransaction(ANSWER_MS, done);
    });
  }
  globalThis.gc?.();
  return process.memoryUsage().rss;
}

console.log(
  `the build in use ${leaksOffsets() ? 'leaks, as its source says' : 'frees what it was given, as its source says'}`,
);
for (const [what, offsets] of [
  ['1 entry each', entries.slice(0, 1)],
  [`${String(PARTITIONS)} entries each`, entries],
] as const) {
  let before = await round([...offsets]);
  for (let number = 1; number <= ROUNDS; number += 1) {
    const after = await round([...offsets]);
    const perEntry = (after - before) / (TRANSACTIONS * offsets.length);
    console.log(
      `${what}, round ${String(number)}: ${((after - before) / 1e6).toFixed(1)} MB more, ${perEntry.toFixed(0)} bytes an entry`,
    );
    before = after;
  }
}
process.exit(0);
