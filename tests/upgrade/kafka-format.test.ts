/**
 * Messages on Kafka outlive the processes that wrote them, and a rolling restart lets two versions meet: every reader
 * takes what format 1 left, and names what a later one wrote instead of guessing at it.
 */
import type { Message } from 'node-rdkafka';
import { afterAll, describe, expect, it } from 'vitest';
import { CredentialBook } from '../../backends/kafka/credential-book.ts';
import type { KafkaSettings } from '../../backends/kafka/kafka-settings.ts';
import { createOutcomeReader } from '../../backends/kafka/outcome-reader.ts';
import { decodeOutcome, decodeSamples } from '../../backends/kafka/outcome-wire.ts';
import { recordOf } from '../../backends/kafka/read-records.ts';
import { decodeRecord } from '../../backends/kafka/record-wire.ts';
import { digestOf, RegistryAssembly } from '../../backends/kafka/registry-shelf.ts';
import { readSeriesMessages } from '../../backends/kafka/series-wire.ts';
import { StateAssembly, type StateTable } from '../../backends/kafka/state-table.ts';
import type { TopicName } from '../../backends/kafka/topics.ts';
import { ValueFile } from '../../backends/kafka/value-file.ts';
import { splitKey } from '../../backends/secrets/credential-rules.ts';
import { SecretChecker } from '../../backends/secrets/secret-hash.ts';
import { UnavailableError } from '../../contracts/errors.ts';
import type { Finding } from '../../contracts/finding.ts';
import { readRegistryOnce } from '../../contracts/registry/read-registry-once.ts';
import { createPartitionDetector } from '../../detect/runner/partition-detector.ts';
import { SHARED } from '../../detect/runner/to-commit.ts';
import { registryDigestOf } from '../../detect/core/engine.ts';
import { KEPT_PARTITIONS, KEPT_WAYS, ofTopic, readKept, readSecrets, type KeptMessage } from './kept-kafka.ts';

const SETTINGS: KafkaSettings = { brokers: 'none', prefix: 'kept.', partitions: KEPT_PARTITIONS, transactions: true };
const REMEDY = /later version \(format 2, known up to 1\): update this process/;
const ENTERED_BY_HAND = readKept('with-transactions');

const file = new ValueFile();
afterAll(() => {
  file.close();
});

function asMessage({ topic, partition, key, value }: KeptMessage, offset = 0): Message {
  return { topic: `kept.${topic}`, partition, key, value, offset, size: value?.length ?? 0, timestamp: 0 };
}

function bytes({ value }: KeptMessage): Buffer {
  if (value === null) throw new Error('a deletion has no bytes');
  return value;
}

/** As the version after this one would write it. */
function newer(message: KeptMessage): KeptMessage {
  const text = bytes(message).toString('utf8');
  expect(text).toContain('"v":1');
  return { ...message, value: Buffer.from(text.replace('"v":1', '"v":2')) };
}

function expectRefused(read: () => unknown): void {
  expect(read).toThrow(UnavailableError);
  expect(read).toThrow(REMEDY);
}

function ofPartition(messages: readonly KeptMessage[], topic: TopicName, partition: number): readonly KeptMessage[] {
  return ofTopic(messages, topic).filter((message) => message.partition === partition);
}

function registries(): RegistryAssembly {
  const assembly = new RegistryAssembly();
  for (const message of ofTopic(ENTERED_BY_HAND, 'registries')) assembly.take(asMessage(message));
  return assembly;
}

function stateOf(messages: readonly KeptMessage[], partition: number): ReturnType<StateAssembly['result']> {
  const assembly = new StateAssembly(file);
  for (const message of ofPartition(messages, 'state', partition)) assembly.take(asMessage(message));
  return assembly.result();
}

const PARTITIONS = Array.from({ length: KEPT_PARTITIONS }, (_, partition) => partition);

describe('records of the log', () => {
  const log = ofTopic(ENTERED_BY_HAND, 'log');

  it('are read, of every kind', () => {
    const kinds = new Set<string>();
    for (const message of [...log, ...ofTopic(ENTERED_BY_HAND, 'backlog')]) {
      const record = recordOf(asMessage(message, 7));
      const [head = '', ...text] = bytes(message).toString('utf8').split('\n');
      const { v, ...fields } = JSON.parse(head) as Readonly<Record<string, unknown>>;
      expect(v).toBe(1);
      expect(record).toMatchObject({ ...fields, offset: 7 });
      if (record.kind === 'report') {
        expect(record.site).toBe(message.key);
        expect(record.body).toBe(text.join('\n'));
      }
      kinds.add(record.kind === 'tick' && record.restarted === true ? 'restarted' : record.kind);
    }
    expect([...kinds].sort()).toEqual(['dead', 'mark', 'order', 'redrive', 'registry', 'report', 'restarted', 'tick']);
  });

  it('of a later version are refused, of every kind', () => {
    const kinds = new Map(log.map((message) => [decodeRecord(bytes(message), message.key, 0).kind, message]));
    expect(kinds.size).toBe(7);
    for (const message of kinds.values()) expectRefused(() => recordOf(asMessage(newer(message))));
  });
});

describe('registries', () => {
  it('are put together from their parts, under the digests that the log names', () => {
    const assembly = registries();
    const named = ofPartition(ENTERED_BY_HAND, 'log', 0)
      .map((message) => decodeRecord(bytes(message), message.key, 0))
      .flatMap((record) => (record.kind === 'registry' ? [record.digest ?? ''] : []));
    expect(named).toHaveLength(2);
    expect(assembly.latest()).toBe(named[1]);
    for (const digest of named) {
      const files = assembly.files(digest) ?? [];
      expect(digestOf(files)).toBe(digest);
      expect(readRegistryOnce(files).registry?.sites.size).toBe(3);
    }
    const parts = ofTopic(ENTERED_BY_HAND, 'registries').filter(({ key }) => key.startsWith(`${String(named[0])}/`));
    expect(parts).toHaveLength(2);
  });

  it('of a later version are refused', () => {
    const head = ofTopic(ENTERED_BY_HAND, 'registries').find(({ key }) => !key.includes('/'));
    expectRefused(() => new RegistryAssembly().take(asMessage(newer(head as KeptMessage))));
  });
});

describe('credentials', () => {
  const kept = ofTopic(ENTERED_BY_HAND, 'credentials');

  it('open with the secrets that were given out, and those that were revoked do not', async () => {
    const book = new CredentialBook();
    for (const { key, value } of kept) book.take(key, value);
    const { user, password, revokedUser, key } = readSecrets();
    const checker = new SecretChecker();
    expect(book.device(user)?.credential).toMatchObject({ user, grants: [user] });
    expect(await checker.check(password, book.device(user)?.hash)).toBe(true);
    expect(book.device(revokedUser)).toBeUndefined();
    expect(book.devices().find((device) => device.user === revokedUser)?.revokedAt).toBeGreaterThan(0);
    expect(book.keys()).toMatchObject([{ name: 'kept', role: 'district', districts: ['practice'] }]);
    const { id, secret } = splitKey(key);
    expect(await checker.check(secret, book.key(id)?.hash)).toBe(true);
  });

  it('of a later version are refused', () => {
    for (const message of kept) expectRefused(() => new CredentialBook().take(message.key, bytes(newer(message))));
  });
});

describe.each(KEPT_WAYS)('what a detector wrote %s', (way) => {
  const kept = readKept(way);

  it('is a state that a detector goes on from, at the offset at which it was cut', () => {
    const shelf = registries();
    for (const partition of PARTITIONS) {
      const { table, epoch } = stateOf(kept, partition);
      expect(epoch).toBe(way === 'with-transactions' ? 0 : 2);
      expect(registryDigestOf(table.get(SHARED) ?? '')).toBe(shelf.latest());
      const detector = goOn(table, partition, shelf);
      const logged = ofPartition(kept, 'log', partition).length;
      expect(detector.next()).toBeLessThan(logged);
      expect(detector.next()).toBeGreaterThan(logged - 150);
      expect(table.keys('base/').length).toBeGreaterThanOrEqual(table.keys('site/').length);
      detector.close();
    }
    expect(PARTITIONS.flatMap((partition) => stateOf(kept, partition).table.keys('site/'))).toEqual([
      'site/works-0',
      'site/works-1',
      'site/works-2',
    ]);
  });

  it('is outcomes, samples and series', () => {
    const read = createOutcomeReader();
    const outcomes = ofTopic(kept, 'outcomes').map((message) => decodeOutcome(bytes(message)));
    const samples = ofTopic(kept, 'samples').map((message) => decodeSamples(bytes(message)));
    expect(ofTopic(kept, 'outcomes').map((message) => read.outcome(bytes(message)))).toEqual(outcomes);
    expect(ofTopic(kept, 'samples').map((message) => read.samples(bytes(message)))).toEqual(samples);
    const lists = [...ofTopic(kept, 'outcomes'), ...ofTopic(kept, 'samples')].map((message) => asMessage(message));
    const { batch, unreadable } = readSeriesMessages(SETTINGS, lists);
    expect(unreadable).toEqual([]);
    expect(batch.samples).toEqual(samples.flat());
    expect(batch.findings).toEqual(outcomes.flatMap(({ findings }) => findings));
    expect(batch.means.length).toBeGreaterThan(10);
    const told = new Map(batch.findings.map((finding) => [finding.id, finding]));
    const shown = ofTopic(kept, 'findings').map((message): [string, Finding] => [
      message.key,
      JSON.parse(bytes(message).toString('utf8')) as Finding,
    ]);
    expect(new Map(shown)).toEqual(told);
    for (const list of ['deadLetters', 'redriven', 'orders', 'marks'] as const)
      expect(outcomes.flatMap((outcome): readonly unknown[] => outcome[list])).toHaveLength(1);
  });

  it('is refused where a later version wrote it', () => {
    const heads = ofTopic(kept, 'state').filter(({ key, value }) => key.endsWith(':head') && value !== null);
    for (const head of heads) expectRefused(() => new StateAssembly(file).take(asMessage(newer(head))));
    const read = createOutcomeReader();
    for (const message of ofTopic(kept, 'outcomes').map(newer)) {
      expectRefused(() => decodeOutcome(bytes(message)));
      expectRefused(() => read.outcome(bytes(message)));
      expectRefused(() => readSeriesMessages(SETTINGS, [asMessage(message)]));
    }
    for (const message of ofTopic(kept, 'samples').map(newer)) {
      expectRefused(() => decodeSamples(bytes(message)));
      expectRefused(() => read.samples(bytes(message)));
      expectRefused(() => readSeriesMessages(SETTINGS, [asMessage(message)]));
    }
  });
});

function goOn(
  table: StateTable,
  partition: number,
  shelf: RegistryAssembly,
): ReturnType<typeof createPartitionDetector> {
  return createPartitionDetector({
    partition,
    owns: () => true,
    registryFiles: (digest) => shelf.files(digest),
    state: (key) => table.get(key),
    stateKeys: (prefix) => table.keys(prefix),
    first: () => Promise.resolve(0),
    async *readReports() {
      yield await Promise.resolve([]);
    },
    commit: () => Promise.resolve(),
  });
}
