/** Appending to the log on a real Kafka: where everything goes, and what Kafka's absence does. */
import { describe, expect, it } from 'vitest';
import { GAP_MS, latestReceived, partitionsWithoutIntake } from '../../backends/kafka/intake-gaps.ts';
import { KafkaLog } from '../../backends/kafka/kafka-log.ts';
import { openRegistryShelf } from '../../backends/kafka/registry-shelf.ts';
import { sitePartition } from '../../backends/kafka/site-partition.ts';
import { UnavailableError } from '../../contracts/errors.ts';
import type { LogEntry, ReportRecord } from '../../contracts/log-record.ts';
import { needKafka } from '../servers/addresses.ts';
import { startKafka } from '../servers/own-server.ts';
import { endsAfterEach } from '../support/ends-after-each.ts';
import { makeOwnTopics, type OwnTopics } from './own-topics.ts';

const SLOW = { timeout: 240_000 };
const ends = endsAfterEach();

async function open({ module, settings }: OwnTopics, maxPendingBytes?: number): Promise<KafkaLog> {
  const bound = maxPendingBytes === undefined ? {} : { maxPendingBytes };
  const log = await KafkaLog.open({ module, settings, name: 'test', replaced: () => undefined, ...bound });
  ends.push(() => log.close());
  return log;
}

const NOW = Date.now();

function report(site: string, n: number, more: Partial<ReportRecord> = {}): ReportRecord {
  return { kind: 'report', received: NOW, site, device: 'cems-1', body: `{"n":${String(n)}}`, ...more };
}

async function everything(topics: OwnTopics, name: 'log' | 'backlog' = 'log'): Promise<readonly LogEntry[][]> {
  return Promise.all(
    [0, 1, 2].map(async (partition) =>
      (await topics.records(partition, name)).map(({ offset: _offset, ...entry }) => entry),
    ),
  );
}

const bodiesOf = (entries: readonly LogEntry[]): readonly string[] =>
  entries.flatMap((entry) => (entry.kind === 'report' ? [`${entry.site}${entry.body}`] : []));

describe('entries', () => {
  it('go to the partition of their site, in order, late ones into the lane beside', SLOW, async (context) => {
    const topics = await makeOwnTopics(needKafka(context));
    const log = await open(topics);
    const sites = ['a', 'b', 'c', 'd', 'e', 'f'];
    const appends: Promise<number>[] = [];
    for (let n = 0; n < 20; n += 1) {
      appends.push(log.append(sites.flatMap((site) => [report(site, 2 * n), report(site, 2 * n + 1)])));
    }
    await Promise.all(appends);
    await log.append([report('a', 100, { isLate: true }), report('a', 41)]);
    const found = await everything(topics);
    for (const site of sites) {
      const own = bodiesOf(found[sitePartition(site, 3)] ?? []).filter((text) => text.startsWith(site));
      const length = site === 'a' ? 41 : 40;
      expect(own).toEqual(
        Array.from({ length }, (_, n) => `${site}{"n":${String(site === 'a' && n === 40 ? 41 : n)}}`),
      );
    }
    expect(found.flat()).toHaveLength(6 * 40 + 1);
    const late = await everything(topics, 'backlog');
    expect(bodiesOf(late[sitePartition('a', 3)] ?? [])).toEqual(['a{"n":100}']);
    expect(late.flat()).toHaveLength(1);
    expect(log.figures).toMatchObject({ messages: 242, late: 1, pendingBytes: 0, refused: 0 });
  });

  it('that are no reports: dead letters beside their site, ticks everywhere', SLOW, async (context) => {
    const topics = await makeOwnTopics(needKafka(context));
    const log = await open(topics);
    const dead = (topic: string): LogEntry => ({
      kind: 'dead',
      received: NOW,
      reason: 'payload-not-json',
      detail: 'x',
      topic,
      payload: '{\n"',
      encoding: 'utf8',
    });
    const own = [
      dead('stackwarden/v1/demo/cems-1/report'),
      dead('stackwarden/v1/demo/WRONG/report'),
      dead('stackwarden/v1/demo/x/y/z'),
    ];
    await log.append([...own, dead('elsewhere'), { kind: 'tick', received: NOW }]);
    const found = await everything(topics);
    expect(found[sitePartition('demo', 3)]).toEqual(expect.arrayContaining(own));
    expect(found[sitePartition('elsewhere', 3)]).toContainEqual(dead('elsewhere'));
    for (const entries of found) expect(entries.at(-1)).toEqual({ kind: 'tick', received: NOW });
    expect(found.flat()).toHaveLength(7);
  });

  it('that concern everybody are in all partitions, and what goes with them behind them', SLOW, async (context) => {
    const topics = await makeOwnTopics(needKafka(context));
    const log = await open(topics);
    await log.append([{ kind: 'tick', received: NOW }]);
    const files = [{ name: 'r.yaml', text: '#'.repeat(2_500_000) }];
    await log.append([{ kind: 'registry', received: NOW + 1, files }]);
    const order = { kind: 'order', received: NOW + 2, body: '{"id":"o"}', by: 'desk' } as const;
    await log.append([order]);
    const redrive = { kind: 'redrive', received: NOW + 3, deadLetter: 'dl-0-1', by: 'desk' } as const;
    await log.append([redrive, report('demo', 1)]);
    const shelf = openRegistryShelf(topics.module, topics.settings);
    const digest = await shelf.latest();
    for (const [partition, entries] of (await everything(topics)).entries()) {
      const behind = partition === sitePartition('demo', 3) ? [report('demo', 1)] : [];
      expect(entries).toEqual([
        { kind: 'tick', received: NOW },
        { kind: 'registry', received: NOW + 1, digest },
        order,
        redrive,
        ...behind,
      ]);
    }
    expect(await shelf.files(digest ?? '')).toEqual(files);
  });
});

describe('a time without intake', () => {
  it('is told before what people enter moves the clock', SLOW, async (context) => {
    const topics = await makeOwnTopics(needKafka(context));
    const log = await open(topics);
    const first = { kind: 'order', received: NOW - 10 * GAP_MS, body: '{"id":"o"}', by: 'desk' } as const;
    await log.append([first]);
    const second = { ...first, received: NOW };
    await log.append([second]);
    for (const entries of await everything(topics)) {
      expect(entries).toEqual([first, { kind: 'tick', received: NOW, restarted: true }, second]);
    }
  });

  it('is one without young ticks, whatever else was written', SLOW, async (context) => {
    const topics = await makeOwnTopics(needKafka(context));
    const log = await open(topics);
    const missing = (now: number): Promise<readonly number[]> => partitionsWithoutIntake(topics, now);
    expect([await missing(NOW), await latestReceived(topics)]).toEqual([[], 0]);
    await log.append([report('demo', 1), { kind: 'tick', received: NOW, restarted: true }]);
    expect(await missing(NOW)).toEqual([0, 1, 2]);
    await log.append([{ kind: 'tick', received: NOW + 1 }]);
    const many = Array.from({ length: 3_000 }, (_, n) => report(`s${String(n)}`, n, { received: NOW + 2 }));
    await log.append(many);
    expect(await missing(NOW + 5)).toEqual([]);
    expect(await missing(NOW + 1 + GAP_MS)).toEqual([0, 1, 2]);
    expect(await latestReceived(topics)).toBe(NOW + 2);
  });
});

describe('a Kafka that is away', () => {
  it('is not there at the start', SLOW, async (context) => {
    const { module, settings } = await makeOwnTopics(needKafka(context));
    const nowhere = { ...settings, brokers: '127.0.0.1:9' };
    const opened = KafkaLog.open({ module, settings: nowhere, name: 'test', replaced: () => undefined });
    await expect(opened).rejects.toThrow(UnavailableError);
  });

  it('hangs: nothing is confirmed; killed and started again: everything confirmed is there', SLOW, async (context) => {
    const server = await startKafka(context);
    ends.push(() => server.stop());
    const topics = await makeOwnTopics(server.address, server.proxy.address);
    const log = await open(topics);
    const confirmed: string[] = [];
    let isOver = false;
    let failures = 0;
    const stream = async (site: string): Promise<void> => {
      for (let n = 0; !isOver; n += 1) {
        const entry = report(site, n);
        try {
          await log.append([entry]);
          confirmed.push(`${site}${entry.body}`);
        } catch (error) {
          expect(error).toBeInstanceOf(UnavailableError);
          failures += 1;
        }
      }
    };
    const streams = ['a', 'b', 'c', 'd'].map(stream);
    const goesOn = async (): Promise<void> => {
      const before = confirmed.length;
      await expect.poll(() => confirmed.length, { timeout: 60_000 }).toBeGreaterThan(before + 200);
    };
    await goesOn();
    await server.proxy.hang();
    const atHang = confirmed.length;
    await expect.poll(() => failures, { timeout: 60_000 }).toBeGreaterThan(0);
    // What had left before the hang may be answered; nothing else.
    expect(confirmed.length).toBeLessThanOrEqual(atHang + 4);
    await server.proxy.forward();
    await goesOn();
    await server.kill();
    await server.restart();
    await goesOn();
    isOver = true;
    await Promise.all(streams);
    const found = new Set((await everything(topics)).flatMap(bodiesOf));
    expect(confirmed.filter((text) => !found.has(text))).toEqual([]);
  });

  it('bounds what waits', SLOW, async (context) => {
    const server = await startKafka(context);
    ends.push(() => server.stop());
    const topics = await makeOwnTopics(server.address, server.proxy.address);
    const log = await open(topics, 10_000);
    await server.proxy.hang();
    const big = report('a', 1, { body: `"${'x'.repeat(12_000)}"` });
    const waiting = log.append([big]).then(
      () => 'confirmed',
      () => 'refused',
    );
    await expect(log.append([report('a', 2)])).rejects.toThrow('behind with writing');
    await server.proxy.forward();
    await waiting;
    expect(log.figures.pendingBytes).toBe(0);
    await log.append([report('a', 3)]);
  });
});
