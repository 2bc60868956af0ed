/** A real Mosquitto as the source: what it kept arrives at least once, through refusals, kill -9 and times without us. */
import { randomBytes } from 'node:crypto';
import { connectAsync, type MqttClient } from 'mqtt';
import { describe, expect, it } from 'vitest';
import { startBrokerSource, type BrokerSource, type BrokerSourceOptions } from '../../backends/mqtt/broker-source.ts';
import { UnavailableError } from '../../contracts/errors.ts';
import { needMqtt } from '../servers/addresses.ts';
import { startMosquitto } from '../servers/own-server.ts';
import { endsAfterEach } from '../support/ends-after-each.ts';

const SLOW = { timeout: 180_000 };
const ends = endsAfterEach();

const ownName = (): string => `test-${randomBytes(6).toString('hex')}`;
const topicOf = (site: string): string => `stackwarden/v1/${site}/m-1/report`;

interface Opened extends BrokerSource {
  readonly taken: string[];
  readonly why: string[];
}

async function open(url: string, more: Partial<BrokerSourceOptions> = {}): Promise<Opened> {
  const taken: string[] = [];
  const why: string[] = [];
  const source = await startBrokerSource({
    url,
    group: 'g',
    name: 'one',
    connections: 1,
    deliver: async (topic, payload) => {
      taken.push(`${topic} ${payload.toString()}`);
      return true;
    },
    ended: ({ message }) => why.push(message),
    ...more,
  });
  ends.push(() => source.stop());
  return { ...source, taken, why };
}

async function publisher(url: string): Promise<MqttClient> {
  const client = await connectAsync(url, { reconnectPeriod: 200 });
  client.on('error', () => undefined);
  ends.push(() => client.endAsync(true));
  return client;
}

async function publish(client: MqttClient, site: string, from: number, to: number): Promise<readonly string[]> {
  const wanted = Array.from({ length: to - from }, (_, n) => String(from + n));
  await Promise.all(wanted.map((text) => client.publishAsync(topicOf(site), text, { qos: 1 })));
  return wanted.map((text) => `${topicOf(site)} ${text}`);
}

describe('a broker as the source', () => {
  it('gives every report of the group to one of its connections', SLOW, async (context) => {
    const url = needMqtt(context);
    const group = ownName();
    const site = ownName();
    const [one, two] = [
      await open(url, { group, name: 'one', connections: 2 }),
      await open(url, { group, name: 'two', connections: 2 }),
    ];
    await expect.poll(() => one.figures.connected + two.figures.connected).toBe(4);
    const client = await publisher(url);
    const wanted = await publish(client, site, 0, 200);
    await client.publishAsync(`stackwarden/v1/${site}/m-1/other`, 'no report', { qos: 1 });
    const own = (): readonly string[] => [...one.taken, ...two.taken].filter((text) => text.includes(site));
    await expect.poll(() => own().length, { timeout: 20_000 }).toBe(200);
    expect([...own()].sort()).toEqual([...wanted].sort());
    expect([one.taken.length, two.taken.length].every((count) => count > 0)).toBe(true);
  });

  it('sends again what could not be made durable', SLOW, async (context) => {
    const server = await startMosquitto(context);
    ends.push(() => server.stop());
    const url = `mqtt://${server.address}`;
    const durable: string[] = [];
    let refusals = 3;
    const source = await open(url, {
      deliver: async (_topic, payload) => {
        const text = payload.toString();
        if (text === '2' && refusals > 0) {
          refusals -= 1;
          return false;
        }
        durable.push(text);
        return true;
      },
    });
    await publish(await publisher(url), 'a', 0, 5);
    await expect.poll(() => new Set(durable).size, { timeout: 60_000 }).toBe(5);
    expect(source.why).toEqual(Array.from({ length: 3 }, () => 'storage refused a message for too long'));
    expect(source.figures).toMatchObject({ connected: 1, ended: 3 });
  });

  it('acknowledges only what is durable: the rest comes again to the next process', SLOW, async (context) => {
    const server = await startMosquitto(context);
    ends.push(() => server.stop());
    const url = `mqtt://${server.address}`;
    const held: string[] = [];
    const releases: (() => void)[] = [];
    const first = await open(url, {
      deliver: (_topic, payload) =>
        new Promise((resolve) => {
          held.push(payload.toString());
          releases.push(() => resolve(false));
        }),
    });
    const client = await publisher(url);
    const wanted = [...(await publish(client, 'a', 0, 20))];
    await expect.poll(() => held.length).toBe(20);
    const stopped = first.stop();
    for (const release of releases) release();
    await stopped;
    wanted.push(...(await publish(client, 'a', 20, 40)));
    const second = await open(url);
    await expect.poll(() => new Set(second.taken).size, { timeout: 30_000 }).toBe(40);
    expect([...new Set(second.taken)].sort()).toEqual([...wanted].sort());
    await second.stop();
    const third = await open(url);
    const more = await publish(client, 'a', 40, 41);
    await expect.poll(() => third.taken).toEqual(more);
  });

  it('killed and started again, what it acknowledged to devices arrives', SLOW, async (context) => {
    const server = await startMosquitto(context);
    ends.push(() => server.stop());
    const url = `mqtt://${server.address}`;
    const source = await open(url);
    const client = await publisher(url);
    const wanted: string[] = [];
    for (let round = 0; round < 3; round += 1) {
      wanted.push(...(await publish(client, 'a', round * 100, round * 100 + 100)));
      // Mosquitto acknowledges, and writes at its next turn: the one before the last is on the disk, the last may not be.
      await publish(client, 'flush', round, round + 1);
      await server.kill();
      await server.restart();
      await expect.poll(() => client.connected, { timeout: 20_000 }).toBe(true);
    }
    await expect.poll(() => source.figures.connected, { timeout: 30_000 }).toBe(1);
    await expect.poll(() => wanted.filter((text) => !source.taken.includes(text)), { timeout: 30_000 }).toEqual([]);
  });

  it('tells that two processes have one name, and that it is not there', SLOW, async (context) => {
    const url = needMqtt(context);
    const same = { group: ownName(), name: 'same' };
    const first = await open(url, same);
    await open(url, same);
    await expect.poll(() => first.why.join(), { timeout: 10_000 }).toContain('another process is there as');
    const nowhere = open('mqtt://user:secret@127.0.0.1:9');
    await expect(nowhere).rejects.toThrow(UnavailableError);
    await expect(nowhere).rejects.toThrow(/mqtt:\/\/127[.]0[.]0[.]1:9 does not answer: (?!.*secret)/);
  });
});
