/** The change to node-rdkafka is made on a copy of its file: compiling takes minutes and is seen by the tests on Kafka. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { closeLeak, withoutLeak } from './build-kafka.mjs';

const INSTALLED = join(import.meta.dirname, '../node_modules/node-rdkafka');

const FREED = `ProducerSendOffsetsToTransaction::~ProducerSendOffsetsToTransaction() {
  RdKafka::TopicPartition::destroy(m_topic_partitions);
}
`;
const LEAKING = `ProducerSendOffsetsToTransaction::~ProducerSendOffsetsToTransaction() {}
`;

/** A folder as the package has it, with its source as it came, whether it was changed since or not. */
function copyOfPackage(): string {
  const folder = mkdtempSync(join(tmpdir(), 'build-kafka-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  mkdirSync(join(folder, 'src'));
  cpSync(join(INSTALLED, 'package.json'), join(folder, 'package.json'));
  const source = readFileSync(join(INSTALLED, 'src/workers.cc'), 'utf8').replace(FREED, LEAKING);
  writeFileSync(join(folder, 'src/workers.cc'), source);
  return folder;
}

it('closes the leak in the source that is installed, once', () => {
  const folder = copyOfPackage();
  const read = (): string => readFileSync(join(folder, 'src/workers.cc'), 'utf8');
  const before = read();
  expect(closeLeak(folder)).toBe('the leak of `sendOffsetsToTransaction` is closed');
  const after = read();
  expect(after).toBe(before.replace(LEAKING, FREED));
  expect(after).not.toBe(before);
  expect(closeLeak(folder)).toBe('the leak was closed before');
  expect(read()).toBe(after);
});

it('leaves another version and another source alone, and says so', () => {
  const other = withoutLeak('v3.7.0', LEAKING);
  expect(other.source).toBe(LEAKING);
  expect(other.said).toMatch(/is v3\.7\.0, the change is for 3\.6\.1; building unpatched/);
  for (const source of ['// nothing of the kind\n', LEAKING + LEAKING]) {
    const changed = withoutLeak('3.6.1', source);
    expect(changed.source).toBe(source);
    expect(changed.said).toMatch(/is not that of 3\.6\.1; building unpatched/);
  }
});
