import { expect, it } from 'vitest';
import { closed, connectDevice, openEndpoint, pinged, reportText, TOPIC } from '../support/open-endpoint.ts';

const bodies = (records: readonly object[]): unknown[] =>
  records.map((record) => ('body' in record ? record.body : ''));

it('sends the PUBACK after the durable write and not before', async () => {
  const { url, log } = await openEndpoint();
  const device = await connectDevice(url);
  const release = log.hold();
  let acknowledged = false;
  const publishing = device.publishAsync(TOPIC, reportText(), { qos: 1 }).then(() => (acknowledged = true));
  await log.until(({ underWay }) => underWay === 1);
  // A PINGRESP comes behind anything that was sent before it.
  await pinged(device);
  expect(acknowledged).toBe(false);
  expect(log.records).toEqual([]);
  release();
  await publishing;
  expect(log.records).toEqual([
    { kind: 'report', received: expect.any(Number), site: 'demo', device: 'cems-1', body: reportText() },
  ]);
});

it('keeps a report exactly as it was sent', async () => {
  const { url, log } = await openEndpoint();
  const device = await connectDevice(url);
  const text = ' {"ts":"2026-11-22T08:00:00+08:00",\n"values":{"so2":1.50e1,"o2":9.80},"x":"\\u4e2d中","x":2}';
  await device.publishAsync(TOPIC, text, { qos: 1 });
  expect(bodies(log.records)).toEqual([text]);
});

it('has 100 messages of one connection under way together', async () => {
  const { url, log } = await openEndpoint();
  const device = await connectDevice(url);
  const release = log.hold();
  const all = Array.from({ length: 100 }, (_, n) => device.publishAsync(TOPIC, reportText(n), { qos: 1 }));
  await log.until(({ underWay }) => underWay > 0);
  const before = log.attempts;
  release();
  await Promise.all(all);
  // One at a time would have been a hundred appends.
  expect(log.attempts - before).toBeLessThan(20);
  expect(bodies(log.records)).toEqual(Array.from({ length: 100 }, (_, n) => reportText(n)));
});

it('takes an array as so many reports, a bad one among them as a dead letter of its own', async () => {
  const { url, log, metrics } = await openEndpoint();
  const device = await connectDevice(url);
  const bad = '{"ts":"2026-11-22T08:00:00+08:00","values":{"so3":1}}';
  await device.publishAsync(TOPIC, `[${reportText(1)}, ${bad} ,${reportText(2)}]`, { qos: 1 });
  expect(log.records).toEqual([
    { kind: 'report', received: expect.any(Number), site: 'demo', device: 'cems-1', body: reportText(1) },
    {
      kind: 'dead',
      received: expect.any(Number),
      reason: 'signal-unknown',
      detail: expect.stringContaining('so3'),
      topic: TOPIC,
      payload: bad,
      encoding: 'utf8',
    },
    { kind: 'report', received: expect.any(Number), site: 'demo', device: 'cems-1', body: reportText(2) },
  ]);
  expect([metrics.reports, metrics.dead['signal-unknown'], metrics.acknowledged]).toEqual([2, 1, 1]);
});

it('acknowledges what is malformed, as a dead letter', async () => {
  const { url, log } = await openEndpoint();
  const device = await connectDevice(url);
  await device.publishAsync(TOPIC, Buffer.from([0xff, 0xfe]), { qos: 1 });
  await device.publishAsync(TOPIC, '{', { qos: 1 });
  await device.publishAsync(TOPIC, '[]', { qos: 1 });
  await device.publishAsync('stackwarden/v1/nobody/cems-1/report', reportText(), { qos: 1 });
  await device.publishAsync(TOPIC, '', { qos: 1 });
  const reasons = log.records.map((record) => (record.kind === 'dead' ? record.reason : record.kind));
  expect(reasons).toEqual([
    'payload-not-utf8',
    'payload-not-json',
    'report-invalid',
    'site-unknown',
    'payload-not-json',
  ]);
});

it('stamps with a clock that never goes back', async () => {
  const times = [1_000, 3_000, 2_000, 2_500, 4_000];
  const { url, log } = await openEndpoint({ now: () => times.shift() ?? 9_000 });
  const device = await connectDevice(url);
  for (let n = 0; n < 5; n += 1) await device.publishAsync(TOPIC, reportText(n), { qos: 1 });
  expect(log.records.map(({ received }) => received)).toEqual([1_000, 3_000, 3_000, 3_000, 4_000]);
});

it('takes a retained message like any other and keeps none for readers', async () => {
  const { url, log } = await openEndpoint();
  const device = await connectDevice(url);
  await device.publishAsync(TOPIC, reportText(), { qos: 1, retain: true });
  expect(log.records).toHaveLength(1);
});

it('takes the will off a CONNECT: what no device measured is no report', async () => {
  const { url, log, metrics } = await openEndpoint();
  const device = await connectDevice(url, { will: { topic: TOPIC, payload: Buffer.from(reportText()), qos: 1 } });
  device.stream.destroy();
  await closed(device);
  const next = await connectDevice(url);
  await next.publishAsync(TOPIC, reportText(7), { qos: 1 });
  expect(bodies(log.records)).toEqual([reportText(7)]);
  expect(metrics.wills).toBe(1);
});

it('lets appends under way end and acknowledges them when it stops', async () => {
  const { url, log, stop } = await openEndpoint();
  const device = await connectDevice(url);
  const release = log.hold();
  const publishing = device.publishAsync(TOPIC, reportText(), { qos: 1 });
  await log.until(({ underWay }) => underWay === 1);
  const stopping = stop();
  const closing = closed(device);
  release();
  await publishing;
  await stopping;
  await closing;
  expect(log.records).toHaveLength(1);
});

it('does not wait for ever for a storage that does not answer when it stops', async () => {
  const { url, log, stop, metrics } = await openEndpoint({ limits: { stopMs: 50 } });
  const device = await connectDevice(url);
  log.hold();
  device.publish(TOPIC, reportText(), { qos: 1 });
  await log.until(({ underWay }) => underWay === 1);
  const closing = closed(device);
  await Promise.all([stop(), closing]);
  expect([metrics.acknowledged, metrics.unacknowledged]).toEqual([0, 1]);
});
