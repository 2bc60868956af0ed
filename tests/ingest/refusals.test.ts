import { expect, it } from 'vitest';
import {
  closed,
  connectDevice,
  nextBytes,
  openEndpoint,
  openSocket,
  pinged,
  refusedDevice,
  reportText,
  TOPIC,
} from '../support/open-endpoint.ts';
import { connectFrame, frame, PINGREQ, publishFrame } from '../support/publish-frame.ts';

const MIB = 1_048_576;

it.each([0, 2] as const)('closes the connection that publishes at QoS %i, and stores nothing', async (qos) => {
  const { url, log, metrics } = await openEndpoint();
  const device = await connectDevice(url);
  const closing = closed(device);
  device.publish(TOPIC, reportText(), { qos });
  await closing;
  expect(log.attempts).toBe(0);
  expect(metrics.refused.qos).toBe(1);
});

it('answers the messages in front of a refused one before it closes', async () => {
  const { port, log } = await openEndpoint();
  const socket = await openSocket(port);
  socket.write(connectFrame({ clientId: 'a' }));
  await nextBytes(socket);
  const answer = nextBytes(socket);
  const closing = closed(socket);
  socket.write(Buffer.concat([publishFrame(TOPIC, reportText(), 7), publishFrame(TOPIC, reportText(), 0, 0)]));
  expect(await answer).toEqual(Buffer.from([0x40, 2, 0, 7]));
  await closing;
  expect(log.records).toHaveLength(1);
});

it('refuses a subscription with 0x80 and delivers nothing', async () => {
  const { url, metrics } = await openEndpoint();
  const [reader, device] = [await connectDevice(url), await connectDevice(url)];
  const received: string[] = [];
  reader.on('message', (topic) => received.push(topic));
  const granted = new Promise((resolve) => {
    reader.on('packetreceive', (packet) => {
      if (packet.cmd === 'suback') resolve(packet.granted);
    });
  });
  reader.subscribe('#', { qos: 1 });
  expect(await granted).toEqual([0x80]);
  await device.publishAsync(TOPIC, reportText(), { qos: 1 });
  await pinged(reader);
  expect([received, metrics.subscriptions]).toEqual([[], 1]);
});

it('takes a payload of 1 MiB', async () => {
  const { url, log } = await openEndpoint();
  const device = await connectDevice(url);
  const text = reportText();
  await device.publishAsync(TOPIC, `${' '.repeat(MIB - text.length)}${text}`, { qos: 1 });
  expect(log.records.map(({ kind }) => kind)).toEqual(['report']);
});

it('closes on a payload over 1 MiB after its first bytes and records its beginning', async () => {
  const { port, log, metrics } = await openEndpoint();
  const socket = await openSocket(port);
  socket.write(connectFrame({ clientId: 'a' }));
  await nextBytes(socket);
  const closing = closed(socket);
  // 200 MB are announced; 20 kB and a bit, in the middle of a character, are sent.
  const head = frame(0x32, Buffer.alloc(0));
  const topic = Buffer.from(TOPIC);
  const start = Buffer.concat([head.subarray(0, 1), Buffer.from([0x80, 0x84, 0xaf, 0x5f, 0, topic.length]), topic]);
  socket.write(Buffer.concat([start, Buffer.from([0, 1]), Buffer.from(`x${'中'.repeat(7_000)}`)]));
  await closing;
  expect(log.records).toEqual([
    {
      kind: 'dead',
      received: expect.any(Number),
      reason: 'payload-too-long',
      detail: expect.stringMatching(/ has \d{9} bytes/),
      topic: TOPIC,
      payload: `x${'中'.repeat(5_461)}`,
      encoding: 'utf8',
    },
  ]);
  expect([metrics.refused['payload-too-long'], metrics.acknowledged, metrics.waitingBytes]).toEqual([1, 0, 0]);
});

it('records a long message that is sent again and again once', async () => {
  const { url, log, metrics } = await openEndpoint();
  for (let n = 0; n < 3; n += 1) {
    const device = await connectDevice(url);
    const closing = closed(device);
    device.publish(TOPIC, '0'.repeat(MIB + 1), { qos: 1 });
    await closing;
  }
  expect(log.records.map((record) => record.kind === 'dead' && record.reason)).toEqual(['payload-too-long']);
  expect(metrics.refused['payload-too-long']).toBe(3);
});

it.each([
  'stackwarden/v1/demo/report',
  'somewhere/else',
  '$SYS/broker',
  `stackwarden/v1/demo/${'x'.repeat(64)}/report`,
])('records a message under %s, acknowledges and closes', async (topic) => {
  const { url, log } = await openEndpoint();
  const device = await connectDevice(url);
  const closing = closed(device);
  await device.publishAsync(topic, reportText(), { qos: 1 });
  await closing;
  expect(log.records).toEqual([
    {
      kind: 'dead',
      received: expect.any(Number),
      reason: 'topic-invalid',
      detail: expect.any(String),
      topic,
      payload: reportText(),
      encoding: 'utf8',
    },
  ]);
});

it.each(['stackwarden/v1/+/cems-1/report', '#', '', '/'.repeat(200)])(
  'records a message under `%s`, which no message may have, once and closes without PUBACK',
  async (topic) => {
    const { port, log, metrics } = await openEndpoint();
    for (let n = 0; n < 2; n += 1) {
      const socket = await openSocket(port);
      socket.write(connectFrame({ clientId: 'a' }));
      await nextBytes(socket);
      socket.resume().write(publishFrame(topic, reportText(), 1));
      await closed(socket);
      await log.until(({ records }) => records.length > 0);
    }
    expect(log.records).toMatchObject([{ kind: 'dead', reason: 'topic-invalid', topic, payload: reportText() }]);
    expect([metrics.refused.protocol + metrics.refused.topic, metrics.waitingBytes]).toEqual([2, 0]);
  },
);

it('tells a client that speaks MQTT 5 that it does not', async () => {
  const { url, metrics } = await openEndpoint();
  expect(await refusedDevice(url, { protocolVersion: 5 })).toMatchObject({ code: 0x84 });
  expect(metrics.refused.version).toBe(1);
});

it('closes a connection that sends no CONNECT', async () => {
  const { port, metrics } = await openEndpoint({ limits: { connectMs: 50 } });
  const socket = await openSocket(port);
  socket.resume();
  await closed(socket);
  expect(metrics.refused['connect-timeout']).toBe(1);
});

it('closes a connection that does not complete a packet', async () => {
  const { port, metrics } = await openEndpoint({ limits: { packetMs: 50 } });
  const socket = await openSocket(port);
  socket.write(connectFrame({ clientId: 'a' }));
  await nextBytes(socket);
  socket.write(publishFrame(TOPIC, 'x'.repeat(200_000), 1).subarray(0, 1_000));
  await closed(socket);
  expect([metrics.refused['packet-timeout'], metrics.waitingBytes]).toEqual([1, 0]);
});

it('closes a connection that keeps no keep-alive, and one that asked for none after the longest silence', async () => {
  const { port, metrics } = await openEndpoint({ limits: { silentMs: 60 } });
  const [one, none] = [await openSocket(port), await openSocket(port)];
  const closing = Promise.all([closed(one), closed(none)]);
  one.resume().write(connectFrame({ clientId: 'a', keepalive: 1 }));
  none.resume().write(connectFrame({ clientId: 'b', keepalive: 0 }));
  await closing;
  expect(metrics.refused.silence).toBe(2);
});

it.each([
  ['a second CONNECT', connectFrame({ clientId: 'a' })],
  ['a PUBACK', Buffer.from([0x40, 2, 0, 1])],
  ['a PUBREL', Buffer.from([0x62, 2, 0, 1])],
  ['an unknown packet type', Buffer.from([0xf0, 0])],
  ['a packet length without end', Buffer.from([0x32, 0xff, 0xff, 0xff, 0xff])],
  ['a topic longer than its packet', Buffer.from([0x32, 4, 0, 200, 65, 66])],
  ['packet id 0', publishFrame(TOPIC, reportText(), 0)],
  ['a subscription of 17 kB', frame(0x82, Buffer.alloc(17_000))],
])('closes on %s', async (_what, bytes) => {
  const { port, log, metrics } = await openEndpoint();
  const socket = await openSocket(port);
  socket.write(connectFrame({ clientId: 'a' }));
  await nextBytes(socket);
  socket.resume().write(Buffer.concat([PINGREQ, bytes]));
  await closed(socket);
  expect([metrics.refused.protocol, log.attempts]).toEqual([1, 0]);
});

it('takes only so many connections', async () => {
  const { port, metrics } = await openEndpoint({ limits: { connections: 2, connectionsPerSecond: 2 } });
  const [first] = [await openSocket(port), await openSocket(port)];
  const third = await openSocket(port);
  third.resume();
  if (!third.closed) await closed(third);
  expect(metrics.refused['connection-limit']).toBe(1);
  expect([metrics.opened, metrics.connections]).toEqual([2, 2]);
  first.destroy();
});

it('reads a client that sends faster than allowed later, and loses nothing', async () => {
  const { url, log } = await openEndpoint({ limits: { messagesPerSecond: 200 } });
  const device = await connectDevice(url);
  const startedAt = performance.now();
  for (let n = 0; n < 280; n += 20) {
    await Promise.all(Array.from({ length: 20 }, () => device.publishAsync(TOPIC, reportText(n), { qos: 1 })));
  }
  expect(performance.now() - startedAt).toBeGreaterThan(200);
  expect(log.records).toHaveLength(280);
});
