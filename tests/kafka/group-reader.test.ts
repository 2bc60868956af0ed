/** Readers of a group on a real Kafka: nothing is skipped, whoever joins, leaves, fails or hangs. */
import { randomUUID } from 'node:crypto';
import type { Message } from 'node-rdkafka';
import { afterEach, expect, it } from 'vitest';
import { UnavailableError } from '../../contracts/errors.ts';
import { openDurableProducer } from '../../backends/kafka/durable-producer.ts';
import { runGroup, type GroupReader } from '../../backends/kafka/group-reader.ts';
import { needKafka } from '../servers/addresses.ts';
import { startKafka } from '../servers/own-server.ts';
import { topicName } from '../../backends/kafka/topics.ts';
import { openTestLog, type TestLog } from './detecting.ts';

const PARTITIONS = 4;
const closes: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closes.splice(0).reverse()) await close();
});

async function openLog(brokers: string): Promise<TestLog> {
  const log = await openTestLog(brokers, PARTITIONS);
  closes.push(() => log.close());
  return log;
}

/** Numbered messages, some a partition. */
async function produce({ module, settings }: TestLog, from: number, count: number, padding = 0): Promise<void> {
  const producer = await openDurableProducer(module, settings, 'test');
  const pad = 'x'.repeat(padding);
  const messages = Array.from({ length: count }, (_, i) => ({
    topic: topicName(settings, 'samples'),
    partition: (from + i) % PARTITIONS,
    key: '',
    value: Buffer.from(`${from + i} ${pad}`),
  }));
  for (let at = 0; at < count; at += 200) await producer.send(messages.slice(at, at + 200));
  await producer.close();
}

const numberOf = ({ value }: Message): number => Number.parseInt(String(value), 10);

interface Member {
  readonly reader: GroupReader;
  readonly got: number[];
  readonly troubles: Error[];
}

function join(
  log: TestLog,
  group: string,
  before: (messages: readonly Message[]) => Promise<void> = async () => {},
): Member {
  const got: number[] = [];
  const troubles: Error[] = [];
  const reader = runGroup(log.module, log.settings, {
    group,
    topics: ['samples'],
    async handle(messages) {
      await before(messages);
      got.push(...messages.map(numberOf));
    },
    onTrouble: (error) => troubles.push(error),
  });
  closes.push(() => reader.close());
  return { reader, got, troubles };
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const sorted = (values: Iterable<number>): number[] => [...new Set(values)].sort((a, b) => a - b);

function expectInOrder(got: readonly number[]): void {
  for (let partition = 0; partition < PARTITIONS; partition += 1) {
    const own = got.filter((number) => number % PARTITIONS === partition);
    expect(own).toEqual(own.toSorted((a, b) => a - b));
  }
}

it('reads everything once and in order, and goes on from there', async (context) => {
  const log = await openLog(needKafka(context));
  const group = randomUUID();
  await produce(log, 0, 4_000);
  const first = join(log, group);
  await expect.poll(() => first.got.length, { timeout: 30_000 }).toBe(4_000);
  expectInOrder(first.got);
  await expect
    .poll(() => first.reader.places().map(({ next, end }) => (end ?? -1) - (next ?? 0)), { timeout: 15_000 })
    .toEqual([0, 0, 0, 0]);
  // Nothing waits any more once the server has answered the commit as well.
  await expect
    .poll(() => first.reader.places().filter(({ oldestAt }) => oldestAt !== undefined), { timeout: 15_000 })
    .toEqual([]);
  await first.reader.close();

  await produce(log, 4_000, 400);
  const second = join(log, group);
  await expect.poll(() => second.got.length, { timeout: 30_000 }).toBe(400);
  expect(sorted([...first.got, ...second.got])).toEqual(numbers(4_400));
  expect([first.troubles, second.troubles]).toEqual([[], []]);
});

it('shares partitions with who joins, and takes over from who leaves', async (context) => {
  const log = await openLog(needKafka(context));
  const group = randomUUID();
  const first = join(log, group);
  await expect.poll(() => first.reader.places().length, { timeout: 30_000 }).toBe(4);
  await produce(log, 0, 1_000);
  const second = join(log, group);
  await produce(log, 1_000, 1_000);
  await expect.poll(() => second.reader.places().length, { timeout: 30_000 }).toBe(2);
  await produce(log, 2_000, 1_000);
  await expect.poll(() => first.got.length + second.got.length, { timeout: 30_000 }).toBeGreaterThanOrEqual(3_000);
  await first.reader.close();
  await produce(log, 3_000, 1_000);
  await expect.poll(() => sorted([...first.got, ...second.got]), { timeout: 30_000 }).toEqual(numbers(4_000));
  // Drained and committed before a partition went: nothing came twice.
  expect(first.got.length + second.got.length).toBe(4_000);
});

it(
  'tries again what the sink did not take, asks for no more than it can hold, and stays a member',
  { timeout: 120_000 },
  async (context) => {
    const log = await openLog(needKafka(context));
    let isDown = true;
    const tried = new Set<number>();
    const member = join(log, randomUUID(), async (messages) => {
      for (const message of messages) tried.add(numberOf(message));
      if (isDown) throw new UnavailableError('the sink is away', { retryAfterMs: 50 });
    });
    // Three times as much as it holds.
    await produce(log, 0, 1_200, 80_000);
    await expect.poll(() => member.reader.queuedBytes(), { timeout: 60_000 }).toBeGreaterThan(24 * 1024 * 1024);
    await expect.poll(() => member.reader.figures.failures).toBeGreaterThan(20);
    expect(member.reader.queuedBytes()).toBeLessThan(80 * 1024 * 1024);
    expect(member.reader.trouble().sink?.message).toBe('the sink is away');
    expect(Math.min(...member.reader.places().flatMap(({ oldestAt }) => oldestAt ?? []))).toBeLessThan(Date.now());
    expect(member.got).toEqual([]);
    isDown = false;
    await expect.poll(() => member.got.length, { timeout: 60_000 }).toBe(1_200);
    expectInOrder(member.got);
    expect(member.reader.trouble()).toEqual({});
    expect(member.reader.figures.restarts).toBe(0);
  },
);

it(
  'gives up what a sink holds for ever when a partition goes or the process ends, and somebody else does it',
  { timeout: 120_000 },
  async (context) => {
    const log = await openLog(needKafka(context));
    const group = randomUUID();
    await produce(log, 0, 400);
    const stuck = join(log, group, () => new Promise(() => {}));
    await expect
      .poll(() => stuck.reader.places().filter(({ oldestAt }) => oldestAt !== undefined).length, { timeout: 30_000 })
      .toBe(4);
    const other = join(log, group);
    await expect.poll(() => other.reader.places().length, { timeout: 30_000 }).toBe(2);
    await expect.poll(() => other.got.length, { timeout: 30_000 }).toBe(200);
    const begin = performance.now();
    await stuck.reader.close();
    expect(performance.now() - begin).toBeLessThan(10_000);
    await expect.poll(() => sorted(other.got), { timeout: 30_000 }).toEqual(numbers(400));
    expect(stuck.got).toEqual([]);
  },
);

it('ends the process for what trying again does not help', async (context) => {
  const log = await openLog(needKafka(context));
  await produce(log, 0, 4);
  const member = join(log, randomUUID(), async () => {
    throw new RangeError('our fault');
  });
  expect(await member.reader.failed).toBeInstanceOf(RangeError);
});

it('waits for a Kafka that is away or hangs, and skips nothing', { timeout: 240_000 }, async (context) => {
  const kafka = await startKafka(context);
  closes.push(() => kafka.stop());
  const log = await openLog(kafka.proxy.address);
  await produce(log, 0, 400);
  const member = join(log, randomUUID());
  await expect.poll(() => member.got.length, { timeout: 60_000 }).toBe(400);
  await kafka.proxy.hang();
  await expect.poll(() => member.reader.trouble().kafka, { timeout: 60_000 }).toBeInstanceOf(UnavailableError);
  await kafka.proxy.forward();
  await produce(log, 400, 400);
  await expect.poll(() => sorted(member.got), { timeout: 60_000 }).toEqual(numbers(800));
  await kafka.kill();
  await expect.poll(() => member.reader.trouble().kafka, { timeout: 60_000 }).toBeInstanceOf(UnavailableError);
  await kafka.restart();
  await produce(log, 800, 400);
  await expect.poll(() => sorted(member.got), { timeout: 60_000 }).toEqual(numbers(1_200));
  await expect.poll(() => member.reader.trouble(), { timeout: 30_000 }).toEqual({});
  const begin = performance.now();
  await kafka.proxy.hang();
  await member.reader.close();
  expect(performance.now() - begin).toBeLessThan(10_000);
});
