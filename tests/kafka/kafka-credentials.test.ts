import { describe, expect, it } from 'vitest';
import { KafkaCredentials } from '../../backends/kafka/kafka-credentials.ts';
import { InputError, UnavailableError } from '../../contracts/errors.ts';
import { T0 } from '../ports/builders.ts';
import { describeCredentials } from '../ports/credentials.suite.ts';
import { needKafka } from '../servers/addresses.ts';
import { startKafka } from '../servers/own-server.ts';
import { endsAfterEach } from '../support/ends-after-each.ts';
import { makeOwnTopics, type OwnTopics } from './own-topics.ts';

const SLOW = { timeout: 120_000 };
const ends = endsAfterEach();

async function open(topics: OwnTopics): Promise<KafkaCredentials> {
  const credentials = await KafkaCredentials.open({ ...topics, clock: () => T0 });
  ends.push(() => credentials.close());
  return credentials;
}

describeCredentials('kafka', async (context) => {
  const topics = await makeOwnTopics(needKafka(context));
  const credentials = await KafkaCredentials.open({ ...topics, clock: () => T0 });
  const other = await KafkaCredentials.open({ ...topics, clock: () => T0 });
  return {
    credentials,
    other,
    caughtUp: () => other.caughtUp(),
    close: async () => {
      await credentials.close();
      await other.close();
    },
  };
});

describe('credentials on Kafka', () => {
  it('keep no secret, and are the same for a process that starts later', SLOW, async (context) => {
    const topics = await makeOwnTopics(needKafka(context));
    const credentials = await open(topics);
    const { password } = await credentials.addDevice('a/b', ['a/b']);
    await credentials.addDevice('a/c', ['a/c']);
    await credentials.revokeDevice('a/c');
    const { secret } = await credentials.addKey('wall', 'watch');
    const written = Buffer.concat(
      (await topics.messages('credentials', 0)).flatMap(({ value, key }) => [
        value ?? Buffer.alloc(0),
        Buffer.from(String(key)),
      ]),
    ).toString('latin1');
    expect(written).not.toContain(password);
    expect(written).not.toContain(secret.slice(-32));
    const later = await open(topics);
    expect(await later.listDevices()).toEqual(await credentials.listDevices());
    expect(await later.listKeys()).toEqual(await credentials.listKeys());
    expect(await later.verifyDevice('a/b', password)).toMatchObject({ user: 'a/b' });
    expect(await later.verifyDevice('a/c', password)).toBeUndefined();
  });

  it('reach other processes by themselves, a revocation within seconds', SLOW, async (context) => {
    const topics = await makeOwnTopics(needKafka(context));
    const [credentials, other] = [await open(topics), await open(topics)];
    await credentials.addDevice('gateway', ['a/*']);
    await expect.poll(() => other.findDevice('gateway'), { timeout: 3_000 }).toBeDefined();
    await credentials.revokeDevice('gateway');
    const startedAt = performance.now();
    await expect.poll(() => other.findDevice('gateway'), { timeout: 3_000, interval: 20 }).toBeUndefined();
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });

  it('are given once, whoever asks at the same moment', SLOW, async (context) => {
    const topics = await makeOwnTopics(needKafka(context));
    const both = [await open(topics), await open(topics)];
    const asked = both.flatMap((credentials) => [1, 2].map(() => credentials.addDevice('a/b', ['a/b'])));
    const results = await Promise.allSettled(asked);
    const given = results.filter((result) => result.status === 'fulfilled');
    expect(given).toHaveLength(1);
    for (const result of results) if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(InputError);
    for (const credentials of both) await credentials.caughtUp();
    const password = given[0]?.value.password ?? '';
    for (const credentials of both) expect(await credentials.verifyDevice('a/b', password)).toBeDefined();
    expect(await both[1]?.listDevices()).toHaveLength(1);
  });

  it('can be added many at a time', SLOW, async (context) => {
    const topics = await makeOwnTopics(needKafka(context));
    const credentials = await open(topics);
    const users = Array.from({ length: 200 }, (_, n) => `s${String(n)}/d`);
    await Promise.all(users.map((user) => credentials.addDevice(user, [user])));
    expect((await credentials.listDevices()).map(({ user }) => user)).toEqual([...users].sort());
  });

  it('let devices in while Kafka is away, and change nothing then', SLOW, async (context) => {
    const server = await startKafka(context);
    ends.push(() => server.stop());
    const topics = await makeOwnTopics(server.address, server.proxy.address);
    const credentials = await open(topics);
    const { password } = await credentials.addDevice('a/b', ['a/b']);
    await server.proxy.refuse();
    expect(await credentials.verifyDevice('a/b', password)).toBeDefined();
    await expect(credentials.revokeDevice('a/b')).rejects.toThrow(UnavailableError);
    expect(await credentials.verifyDevice('a/b', password)).toBeDefined();
    await server.proxy.forward();
    await expect.poll(() => credentials.revokeDevice('a/b').catch(() => 'away'), { timeout: 60_000 }).toBe(true);
    expect(await credentials.verifyDevice('a/b', password)).toBeUndefined();
  });
});
