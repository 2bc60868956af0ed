/** Devices, ingest processes and a real Kafka: what was acknowledged is in the log, whatever happens. */
import { once } from 'node:events';
import { connect as connectSocket, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { connectAsync, type MqttClient } from 'mqtt';
import { describe, expect, it, type TestContext } from 'vitest';
import { KafkaCredentials } from '../../backends/kafka/kafka-credentials.ts';
import { sitePartition } from '../../backends/kafka/site-partition.ts';
import type { LogRecord } from '../../contracts/log-record.ts';
import { needKafka } from '../servers/addresses.ts';
import { startKafka, type OwnServer } from '../servers/own-server.ts';
import { endsAfterEach } from '../support/ends-after-each.ts';
import {
  Device,
  importRegistry,
  ingestingUntil,
  lostReports,
  REGISTRY,
  reportOf,
  SITES,
  startIngesting,
  topicOf,
  type Ingesting,
} from './ingesting.ts';
import { makeOwnTopics, type OwnTopics } from './own-topics.ts';

const SLOW = { timeout: 300_000 };
const ends = endsAfterEach();
const ingesting = ingestingUntil(ends);

async function client(url: string, options: object = {}): Promise<MqttClient> {
  const made = await connectAsync(url, { reconnectPeriod: 0, ...options });
  made.on('error', () => undefined);
  ends.push(() => made.endAsync(true));
  return made;
}

function devices(urlOf: (index: number) => string): Map<string, Device> {
  const made = new Map(SITES.map((site, index) => [site, new Device(urlOf(index), site).start()]));
  for (const device of made.values()) ends.push(() => device.stop());
  return made;
}

async function goOn(all: ReadonlyMap<string, Device>, by: number): Promise<void> {
  const before = new Map([...all].map(([site, { acknowledged }]) => [site, acknowledged.length]));
  for (const [site, { acknowledged }] of all)
    await expect.poll(() => acknowledged.length, { timeout: 60_000 }).toBeGreaterThan((before.get(site) ?? 0) + by);
}

const kindsIn = (records: readonly LogRecord[]): readonly string[] =>
  records.map((record) => (record.kind === 'tick' && record.restarted === true ? 'restarted' : record.kind));

async function everything(topics: OwnTopics): Promise<readonly LogRecord[]> {
  return (await Promise.all([0, 1, 2].map((partition) => topics.records(partition)))).flat();
}

describe('an ingest process', () => {
  it('acknowledges what stands in the log: reports, late ones, dead letters', SLOW, async (context) => {
    const topics = await makeOwnTopics(needKafka(context));
    await importRegistry(topics);
    const stage = await ingesting(topics);
    expect((await stage.ready()).ready).toBe(true);
    const device = await client(stage.url);
    const publish = (text: string, topic = topicOf('alpha')): Promise<unknown> =>
      device.publishAsync(topic, text, { qos: 1 });
    await publish(reportOf(1));
    await publish(`[${reportOf(2)}, ${reportOf(3, { resent: true })}, ${reportOf(4, { ts: '2026-01-01T00:00:00Z' })}]`);
    await publish('{"ts":');
    await publish(reportOf(5), topicOf('nobody'));
    const own = await topics.records(sitePartition('alpha', 3));
    const bodies = (records: readonly LogRecord[]): readonly number[] =>
      records.flatMap((record) =>
        record.kind === 'report' ? [(JSON.parse(record.body) as { values: { power: number } }).values.power] : [],
      );
    expect(bodies(own)).toEqual([1, 2]);
    expect(bodies(await topics.records(sitePartition('alpha', 3), 'backlog'))).toEqual([3, 4]);
    const dead = (await everything(topics)).flatMap((record) => (record.kind === 'dead' ? [record.reason] : []));
    expect([...dead].sort()).toEqual(['payload-not-json', 'site-unknown']);
    const metrics = await stage.metrics();
    expect(metrics).toContain('stackwarden_ingest_acknowledged_total 4\n');
    expect(metrics).toContain('stackwarden_ingest_late_reports_total 2\n');
    expect(metrics).toMatch(/stackwarden_ingest_puback_seconds_count 4\n/);
  });

  it('takes nothing before there is a registry, and then what waited', SLOW, async (context) => {
    const topics = await makeOwnTopics(needKafka(context));
    const stage = await ingesting(topics);
    expect(await stage.ready()).toMatchObject({ ready: false, detail: 'not passed: registry' });
    const device = await client(stage.url);
    let isAcknowledged = false;
    const sent = device.publishAsync(topicOf('alpha'), reportOf(1), { qos: 1 }).then(() => {
      isAcknowledged = true;
    });
    await expect.poll(() => stage.metrics()).toMatch(/append_failures_total [1-9]/);
    expect(isAcknowledged).toBe(false);
    await importRegistry(topics);
    await sent;
    expect((await stage.ready()).ready).toBe(true);
    // A registry that follows takes effect with the next message.
    await importRegistry(topics, REGISTRY.replaceAll('alpha', 'omega'));
    await expect
      .poll(async () => {
        await device.publishAsync(topicOf('omega'), reportOf(2), { qos: 1 });
        return kindsIn(await topics.records(sitePartition('omega', 3)));
      })
      .toContain('report');
  });

  it('lets in by credentials, and closes on a revocation', SLOW, async (context) => {
    const topics = await makeOwnTopics(needKafka(context));
    await importRegistry(topics);
    const credentials = await KafkaCredentials.open(topics);
    ends.push(() => credentials.close());
    const stage = await ingesting(topics, { insecure: false });
    await expect(connectAsync(stage.url, { reconnectPeriod: 0 })).rejects.toThrow();
    const { password } = await credentials.addDevice('alpha/m-1', ['alpha/m-1']);
    const options = { username: 'alpha/m-1', password, reconnectPeriod: 0 };
    const isLetIn = (): Promise<boolean> =>
      connectAsync(stage.url, options).then(
        async (one) => {
          await one.endAsync(true);
          return true;
        },
        () => false,
      );
    // A password that was wrong a moment ago is not looked at again for ten seconds.
    await expect.poll(isLetIn, { timeout: 15_000, interval: 500 }).toBe(true);
    const device = await client(stage.url, options);
    await device.publishAsync(topicOf('alpha'), reportOf(1), { qos: 1 });
    const closed = new Promise<void>((resolve) => {
      device.on('close', () => {
        resolve();
      });
    });
    await credentials.revokeDevice('alpha/m-1');
    await closed;
    await expect(connectAsync(stage.url, options)).rejects.toThrow();
  });

  it('says in the log when nobody listened, before anything else', SLOW, async (context) => {
    const topics = await makeOwnTopics(needKafka(context));
    await importRegistry(topics);
    const kinds = async (): Promise<readonly (readonly string[])[]> =>
      Promise.all([0, 1, 2].map(async (partition) => kindsIn(await topics.records(partition))));
    const first = await startIngesting(topics);
    const same = (...wanted: string[]): readonly (readonly string[])[] => [wanted, wanted, wanted];
    expect(await kinds()).toEqual(same('registry', 'restarted', 'tick'));
    // Beside one that listens, another one says nothing of the kind.
    const second = await startIngesting(topics);
    expect(await kinds()).toEqual(same('registry', 'restarted', 'tick', 'tick'));
    await second.stop();
    await first.stop();
    const later = { wall: () => Date.now() + 120_000, monotonic: () => performance.now() };
    await ingesting(topics, {}, later);
    expect(await kinds()).toEqual(same('registry', 'restarted', 'tick', 'tick', 'restarted', 'tick'));
  });
});

/** A balancer that knows nothing of MQTT: each connection to the next target. */
async function balance(ports: readonly number[]): Promise<number> {
  let next = 0;
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    const target = connectSocket({ host: '127.0.0.1', port: ports[next % ports.length] ?? 0 });
    next += 1;
    for (const one of [socket, target]) {
      sockets.add(one);
      one.on('error', () => undefined);
      one.on('close', () => {
        socket.destroy();
        target.destroy();
      });
    }
    socket.pipe(target).pipe(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ends.push(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

describe('two ingest processes behind a balancer', () => {
  it('lose nothing that they acknowledged, also when one of them ends', SLOW, async (context) => {
    const topics = await makeOwnTopics(needKafka(context));
    await importRegistry(topics);
    const [one, two] = [await ingesting(topics), await ingesting(topics)];
    const port = await balance([one.port, two.port]);
    const all = devices(() => `mqtt://127.0.0.1:${String(port)}`);
    await goOn(all, 100);
    for (const stage of [one, two]) expect(await stage.metrics()).not.toContain('stackwarden_ingest_reports_total 0\n');
    await two.stop();
    // Whoever is led to the one that ended tries again.
    await goOn(all, 100);
    for (const device of all.values()) await device.stop();
    expect(await lostReports(topics, all)).toEqual([]);
  });
});

interface Sending {
  readonly server: OwnServer;
  readonly topics: OwnTopics;
  readonly stage: Ingesting;
  readonly all: ReadonlyMap<string, Device>;
}

async function sendingToOwnKafka(context: TestContext): Promise<Sending> {
  const server = await startKafka(context);
  ends.push(() => server.stop());
  const topics = await makeOwnTopics(server.address, server.proxy.address);
  await importRegistry(topics);
  const stage = await ingesting(topics, { storageRefusalSeconds: 5 });
  return { server, topics, stage, all: devices(() => stage.url) };
}

describe('a Kafka that goes away while devices send', () => {
  it('hangs, is killed, comes back: no PUBACK in between, nothing acknowledged is lost', SLOW, async (context) => {
    const { server, topics, stage, all } = await sendingToOwnKafka(context);
    await goOn(all, 50);
    await server.proxy.hang();
    const counts = (): readonly number[] => [...all.values()].map(({ acknowledged }) => acknowledged.length);
    const atHang = counts();
    await expect.poll(() => stage.metrics(), { timeout: 60_000 }).toMatch(/refused_total{reason="storage"} [1-9]/);
    for (const [index, count] of counts().entries()) expect(count).toBeLessThanOrEqual((atHang[index] ?? 0) + 1);
    await expect.poll(async () => (await stage.ready()).ready, { timeout: 60_000 }).toBe(false);
    await server.proxy.forward();
    await goOn(all, 50);
    await server.kill();
    await server.restart();
    await goOn(all, 50);
    await expect.poll(async () => (await stage.ready()).ready, { timeout: 60_000 }).toBe(true);
    for (const device of all.values()) await device.stop();
    expect(await lostReports(topics, all)).toEqual([]);
  });

  it('for more than a minute: the log says so before anything that came after', SLOW, async (context) => {
    const { server, topics, all } = await sendingToOwnKafka(context);
    await goOn(all, 20);
    await server.proxy.refuse();
    const awaySince = performance.now();
    await expect
      .poll(() => performance.now() - awaySince, { timeout: 120_000, interval: 1_000 })
      .toBeGreaterThan(72_000);
    await server.proxy.forward();
    await goOn(all, 20);
    for (const device of all.values()) await device.stop();
    expect(await lostReports(topics, all)).toEqual([]);
    for (const partition of [0, 1, 2]) {
      const records = await topics.records(partition);
      const at = records.findLastIndex((record) => record.kind === 'tick' && record.restarted === true);
      const [before, gap] = [records[at - 1]?.received ?? 0, records[at]?.received ?? 0];
      expect(gap - before).toBeGreaterThan(40_000);
      for (const { received } of records.slice(at)) expect(received).toBeGreaterThanOrEqual(gap);
    }
  });
});
