import { expect, it } from 'vitest';
import { createIngestMetrics, type IngestMetrics } from '../../ingest/metrics.ts';
import {
  closed,
  connectDevice,
  nextBytes,
  openEndpoint,
  openSocket,
  pinged,
  reportText,
  TOPIC,
} from '../support/open-endpoint.ts';
import { connectFrame, publishFrame } from '../support/publish-frame.ts';

const QUICK = { refusalMs: 200, retryMs: 10, retryMaxMs: 20, stopMs: 50 };
const MIB = 1_048_576;

const bodies = (records: readonly object[]): unknown[] =>
  records.map((record) => ('body' in record ? record.body : ''));

it('tries again while storage refuses, and acknowledges when it takes', async () => {
  const { url, log } = await openEndpoint({ limits: { retryMs: 10 } });
  const device = await connectDevice(url);
  log.refuse();
  let acknowledged = 0;
  const all = [1, 2, 3].map((n) =>
    device.publishAsync(TOPIC, reportText(n), { qos: 1 }).then(() => (acknowledged += 1)),
  );
  await log.until(({ attempts }) => attempts >= 4);
  await pinged(device);
  expect([acknowledged, log.records]).toEqual([0, []]);
  log.accept();
  await Promise.all(all);
  expect(bodies(log.records)).toEqual([reportText(1), reportText(2), reportText(3)]);
});

it.each([
  ['refuses', QUICK],
  ['does not answer', QUICK],
])('closes without PUBACK when storage %s for too long', async (how, limits) => {
  const { url, log, metrics } = await openEndpoint({ limits });
  const device = await connectDevice(url);
  let acknowledged = false;
  device.on('packetreceive', ({ cmd }) => (acknowledged ||= cmd === 'puback'));
  if (how === 'refuses') log.refuse();
  else log.hold();
  const closing = closed(device);
  device.publish(TOPIC, reportText(), { qos: 1 });
  await closing;
  expect([acknowledged, log.records, metrics.refused.storage, metrics.unacknowledged]).toEqual([false, [], 1, 1]);
});

it('loses nothing and doubles nothing but unacknowledged messages over an outage', async () => {
  const { url, log } = await openEndpoint({ limits: { ...QUICK, refusalMs: 100 } });
  const device = await connectDevice(url, { reconnectPeriod: 10 });
  let acknowledged = 0;
  const publish = async (n: number): Promise<void> => {
    await device.publishAsync(TOPIC, reportText(n), { qos: 1 });
    acknowledged += 1;
  };
  const before = Array.from({ length: 50 }, (_, n) => publish(n));
  await Promise.all(before);
  log.refuse();
  const connections = new Promise<void>((resolve) => {
    let again = 0;
    device.on('reconnect', () => {
      again += 1;
      if (again === 3) resolve();
    });
  });
  const during = Array.from({ length: 50 }, (_, n) => publish(50 + n));
  await connections;
  expect(acknowledged).toBe(50);
  log.accept();
  await Promise.all(during);
  const stored = bodies(log.records);
  expect(new Set(stored)).toEqual(new Set(Array.from({ length: 100 }, (_, n) => reportText(n))));
  expect(stored.slice(0, 50)).toEqual(Array.from({ length: 50 }, (_, n) => reportText(n)));
});

it('lets no message that storage refuses by itself hold up the others', async () => {
  const { url, log, metrics } = await openEndpoint({ limits: { ...QUICK, refusalMs: 1_500 } });
  const [poisoned, device] = [await connectDevice(url), await connectDevice(url)];
  const poison = reportText(666);
  log.refuse((entries) => (bodies(entries).includes(poison) ? new RangeError('too large for the broker') : undefined));
  const release = log.hold();
  const closing = closed(poisoned);
  const all = Array.from({ length: 100 }, (_, n) => device.publishAsync(TOPIC, reportText(n), { qos: 1 }));
  poisoned.publish(TOPIC, poison, { qos: 1 });
  await log.until(({ underWay }) => underWay > 0);
  release();
  await Promise.all(all);
  await closing;
  expect(bodies(log.records).toSorted()).toEqual(Array.from({ length: 100 }, (_, n) => reportText(n)).toSorted());
  expect([metrics.refused.storage, metrics.acknowledged, metrics.unacknowledged]).toEqual([1, 100, 1]);
});

it('gives up what only a gone connection waits for', async () => {
  const { url, log, metrics } = await openEndpoint({ limits: { retryMs: 10 } });
  const device = await connectDevice(url);
  log.refuse();
  device.publish(TOPIC, reportText(), { qos: 1 });
  await log.until(({ attempts }) => attempts > 0);
  device.stream.destroy();
  await closed(device);
  const other = await connectDevice(url);
  const publishing = other.publishAsync(TOPIC, reportText(1), { qos: 1 });
  const { attempts } = log;
  await log.until((now) => now.attempts > attempts + 2);
  log.accept();
  await publishing;
  expect(bodies(log.records)).toEqual([reportText(1)]);
  expect([metrics.waitingMessages, metrics.waitingBytes]).toEqual([0, 0]);
});

/** Metrics that remember the most that waited, and tell when it reaches a level. */
function watchedMetrics(level: number): { metrics: IngestMetrics; peak: () => number; reached: Promise<void> } {
  const metrics = createIngestMetrics();
  let [now, most] = [0, 0];
  const reached = new Promise<void>((resolve) => {
    Object.defineProperty(metrics, 'waitingBytes', {
      get: () => now,
      set: (bytes: number) => {
        now = bytes;
        most = Math.max(most, bytes);
        if (bytes >= level) resolve();
      },
    });
  });
  return { metrics, peak: () => most, reached };
}

it('does not read on while storage is slow: publishers wait and memory stays flat', async () => {
  const limit = 4 * MIB;
  const { metrics, peak, reached } = watchedMetrics(limit);
  const { port, log } = await openEndpoint({ metrics, limits: { waitingBytes: limit } });
  const payload = `${' '.repeat(100_000)}${reportText()}`;
  const clients = 16;
  const messages = 20;
  const release = log.hold();
  const sockets = await Promise.all(Array.from({ length: clients }, () => openSocket(port)));
  const acknowledged = sockets.map(async (socket, index) => {
    socket.write(connectFrame({ clientId: `c-${index}` }));
    await nextBytes(socket);
    let bytes = 0;
    const all = new Promise<void>((resolve) => {
      socket.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes === messages * 4) resolve();
      });
    });
    for (let id = 1; id <= messages; id += 1) socket.write(publishFrame(TOPIC, payload, id));
    await all;
  });
  await reached;
  release();
  await Promise.all(acknowledged);
  expect(log.records).toHaveLength(clients * messages);
  // Over the limit by what is read before the next look: one packet, and a read of 64 kB from each socket.
  expect(peak()).toBeLessThan(limit + MIB + clients * 65_536);
  expect(metrics.waitingBytes).toBe(0);
});

it('bounds what waits of one connection, and lets the others through', async () => {
  const { url, port, log, metrics } = await openEndpoint({ limits: { waitingPerConnection: 10 } });
  const device = await connectDevice(url);
  const socket = await openSocket(port);
  socket.write(connectFrame({ clientId: 'a' }));
  await nextBytes(socket);
  const release = log.hold();
  const total = 5_000;
  const payload = `${' '.repeat(1_000)}${reportText()}`;
  let bytes = 0;
  const all = new Promise<void>((resolve) => {
    socket.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes === total * 4) resolve();
    });
  });
  for (let id = 1; id <= total; id += 1) socket.write(publishFrame(TOPIC, payload, id));
  await log.until(({ underWay }) => underWay > 0);
  const publishing = device.publishAsync(TOPIC, reportText(), { qos: 1 });
  await pinged(device);
  expect(metrics.waitingMessages).toBe(10 + 1);
  release();
  await Promise.all([all, publishing]);
  expect(log.records).toHaveLength(total + 1);
});
