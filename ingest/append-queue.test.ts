import { expect, it, onTestFinished } from 'vitest';
import { UnavailableError } from '../contracts/errors.ts';
import { MemoryLog } from '../tests/support/memory-log.ts';
import { AppendQueue, type Arrival } from './append-queue.ts';
import { DEFAULT_LIMITS, type Limits } from './limits.ts';
import { createIngestMetrics } from './metrics.ts';

interface Waiting {
  readonly arrival: Arrival;
  readonly outcome: Promise<boolean>;
}

function waiting(name: string, alive = true): Waiting {
  let settle: (durable: boolean) => void = () => undefined;
  const outcome = new Promise<boolean>((resolve) => {
    settle = resolve;
  });
  const arrival = {
    bytes: 10,
    arrivedAt: performance.now(),
    alive,
    settled: false,
    entries: (received: number) => [{ kind: 'report' as const, received, site: 'demo', device: name, body: '' }],
    settle: (durable: boolean) => {
      arrival.settled = true;
      settle(durable);
    },
  };
  return { arrival, outcome };
}

function open(limits: Partial<Limits> = {}): { queue: AppendQueue; log: MemoryLog; failures: unknown[] } {
  const log = new MemoryLog();
  const failures: unknown[] = [];
  let now = 0;
  const queue = new AppendQueue({
    log,
    received: () => (now += 1),
    limits: { ...DEFAULT_LIMITS, retryMs: 5, retryMaxMs: 10, ...limits },
    metrics: createIngestMetrics(),
    failed: (error) => failures.push(error),
    monotonic: () => performance.now(),
  });
  onTestFinished(() => {
    queue.close();
  });
  return { queue, log, failures };
}

const names = (log: MemoryLog): unknown[] => log.records.map((record) => ('device' in record ? record.device : ''));

it('appends what came together in one group, in order', async () => {
  const { queue, log } = open();
  const all = ['a', 'b', 'c'].map((name) => waiting(name));
  for (const { arrival } of all) queue.push(arrival);
  expect(await Promise.all(all.map(({ outcome }) => outcome))).toEqual([true, true, true]);
  expect([names(log), log.attempts]).toEqual([['a', 'b', 'c'], 1]);
});

it('keeps to the size of a group and to the number under way', async () => {
  const { queue, log } = open({ appendMessages: 2, appends: 2 });
  const all = Array.from({ length: 9 }, (_, n) => waiting(String(n)));
  const release = log.hold();
  for (const { arrival } of all) queue.push(arrival);
  await log.until(({ underWay }) => underWay === 2);
  release();
  await Promise.all(all.map(({ outcome }) => outcome));
  expect([names(log), log.attempts]).toEqual([Array.from({ length: 9 }, (_, n) => String(n)), 5]);
});

it('sends a message over the size of a group by itself', async () => {
  const { queue, log } = open({ appendBytes: 5 });
  const all = ['a', 'b'].map((name) => waiting(name));
  for (const { arrival } of all) queue.push(arrival);
  await Promise.all(all.map(({ outcome }) => outcome));
  expect(log.attempts).toBe(2);
});

it('stamps again when it tries again: `received` ascends in the log', async () => {
  const { queue, log, failures } = open();
  log.refuse();
  const [early, late] = [waiting('early'), waiting('late')];
  queue.push(early.arrival);
  await log.until(({ attempts }) => attempts === 2);
  queue.push(late.arrival);
  log.accept();
  await Promise.all([early.outcome, late.outcome]);
  const stamps = log.records.map(({ received }) => received);
  expect(stamps).toEqual(stamps.toSorted((a, b) => a - b));
  expect(failures[0]).toBeInstanceOf(UnavailableError);
});

it('finds the one message that makes an append fail, and gives up only that one', async () => {
  const { queue, log } = open({ refusalMs: 500 });
  log.refuse((entries) => (JSON.stringify(entries).includes('"poison"') ? new RangeError('too large') : undefined));
  const all = ['a', 'b', 'poison', 'c', 'd'].map((name) => waiting(name));
  for (const { arrival } of all) queue.push(arrival);
  expect(await Promise.all(all.map(({ outcome }) => outcome))).toEqual([true, true, false, true, true]);
  expect(names(log).toSorted()).toEqual(['a', 'b', 'c', 'd']);
});

it('takes failures of every kind for the storage when nothing succeeds', async () => {
  const { queue, log } = open();
  log.refuse(() => new RangeError('what'));
  const all = Array.from({ length: 300 }, (_, n) => waiting(String(n)));
  for (const { arrival } of all) queue.push(arrival);
  await log.until(({ attempts }) => attempts > 20);
  log.accept();
  expect(new Set(await Promise.all(all.map(({ outcome }) => outcome)))).toEqual(new Set([true]));
});

it('tells when nothing is left, or that it takes too long', async () => {
  const { queue, log } = open();
  await queue.drain(60_000);
  const release = log.hold();
  const one = waiting('a');
  queue.push(one.arrival);
  await queue.drain(1);
  expect(one.arrival.settled).toBe(false);
  release();
  await queue.drain(60_000);
  expect(await one.outcome).toBe(true);
});

it('gives up what waits when it is closed', async () => {
  const { queue, log } = open();
  log.hold();
  const [underWay, behind] = [waiting('a'), waiting('b')];
  queue.push(underWay.arrival);
  await log.until((now) => now.underWay === 1);
  queue.push(behind.arrival);
  queue.close();
  expect(await Promise.all([underWay.outcome, behind.outcome])).toEqual([false, false]);
});

it('drops what only a gone connection waits for when it would try again', async () => {
  const { queue, log } = open();
  log.refuse();
  const gone = waiting('a', false);
  queue.push(gone.arrival);
  expect(await gone.outcome).toBe(false);
  expect(log.attempts).toBe(1);
});
