import { once } from 'node:events';
import { connect as connectSocket } from 'node:net';
import { expect, it } from 'vitest';
import { createRandom, type Random } from '../support/seeded-random.ts';
import { closed, connectDevice, openEndpoint, pinged, reportText, TOPIC } from '../support/open-endpoint.ts';
import { connectFrame, DISCONNECT, frame, PINGREQ, publishFrame } from '../support/publish-frame.ts';

const PACKETS = 10_000;
const CONNECT = connectFrame({ clientId: 'hostile' });

const GOOD: readonly Buffer[] = [
  CONNECT,
  connectFrame({ clientId: 'hostile', user: 'demo/cems-1', password: 'x' }),
  connectFrame({ clientId: 'hostile', version: 5 }),
  publishFrame(TOPIC, reportText(), 1),
  publishFrame(TOPIC, '', 2),
  publishFrame(TOPIC, reportText(), 0, 0),
  publishFrame(TOPIC, reportText(), 3, 2),
  publishFrame('a/b', 'x', 4),
  frame(0x82, Buffer.from([0, 1, 0, 1, 35, 1])),
  frame(0xa2, Buffer.from([0, 1, 0, 1, 35])),
  frame(0x62, Buffer.from([0, 1])),
  PINGREQ,
  DISCONNECT,
];

/** A packet with bytes changed, cut off, doubled or invented. */
function mutated(random: Random): Buffer {
  const original = random.pick(GOOD);
  const bytes = Buffer.from(original);
  switch (random.below(5)) {
    case 0:
      for (let n = random.below(8) + 1; n > 0; n -= 1) bytes[random.below(bytes.length)] = random.below(256);
      return bytes;
    case 1:
      return bytes.subarray(0, random.below(bytes.length));
    case 2:
      bytes[0] = random.below(256);
      return bytes;
    case 3:
      bytes[1] = random.below(256);
      return Buffer.concat([bytes, random.pick(GOOD)]);
    default:
      return Buffer.from(Array.from({ length: random.below(64) + 1 }, () => random.below(256)));
  }
}

/** Connects, sends, and is gone; half of them behind a good CONNECT. */
async function attack(port: number, random: Random): Promise<void> {
  const socket = connectSocket({ host: '127.0.0.1', port });
  socket.on('error', () => undefined);
  const gone = closed(socket);
  const bytes = mutated(random);
  socket.resume().write(random.below(2) === 0 ? bytes : Buffer.concat([CONNECT, bytes]));
  if (random.below(4) === 0) socket.destroy();
  else socket.end();
  await gone;
}

it(`keeps good clients working under ${PACKETS} malformed packets (seed 20261122)`, async () => {
  const { url, port, log, metrics, events } = await openEndpoint({ limits: { connectionsPerSecond: 1_000_000 } });
  const device = await connectDevice(url, { username: 'demo/m-kiln', clientId: 'good' });
  const topic = 'stackwarden/v1/demo/m-kiln/report';
  let running = true;
  let published = 0;
  const publishing = (async () => {
    while (running) {
      await device.publishAsync(topic, reportText(published), { qos: 1 });
      published += 1;
    }
  })();
  const random = createRandom(20_261_122);
  const lane = async (): Promise<void> => {
    for (let n = 0; n < PACKETS / 20; n += 1) await attack(port, random);
  };
  await Promise.all(Array.from({ length: 20 }, lane));
  running = false;
  await publishing;
  await pinged(device);
  const kept = log.records.filter((record) => record.kind === 'report' && record.device === 'm-kiln');
  expect(kept).toHaveLength(published);
  expect(published).toBeGreaterThan(100);
  expect(
    events.filter(({ event }) => !event.startsWith('ingest.connection.refused-')).map(({ event }) => event),
  ).toEqual(['ingest.endpoint.started']);
  expect([metrics.waitingMessages, metrics.waitingBytes]).toEqual([0, 0]);
});

it('lets nobody wait for clients that announce long packets and never send them', async () => {
  const { url, port, metrics } = await openEndpoint({ limits: { begunBytes: 8_388_608, packetMs: 300 } });
  const begun = publishFrame(TOPIC, Buffer.alloc(1_000_000), 1).subarray(0, 2_000);
  const sockets = Array.from({ length: 50 }, () => connectSocket({ host: '127.0.0.1', port }));
  const gone = Promise.all(sockets.map(closed));
  await Promise.all(
    sockets.map(async (socket) => {
      socket.on('error', () => undefined).write(connectFrame({ clientId: '' }));
      await once(socket, 'data');
      socket.resume().write(begun);
    }),
  );
  const device = await connectDevice(url);
  await device.publishAsync(TOPIC, reportText(), { qos: 1 });
  expect(metrics.begunBytes).toBeGreaterThan(8_000_000);
  expect(metrics.begunBytes).toBeLessThan(8_388_608 + 1_048_576);
  await device.publishAsync(TOPIC, `${' '.repeat(500_000)}${reportText()}`, { qos: 1 });
  await gone;
  expect([metrics.refused['packet-timeout'], metrics.begunBytes]).toEqual([50, 0]);
});
