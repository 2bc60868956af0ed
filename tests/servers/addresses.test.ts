/** Where the environment names servers they are used for real, where it does not the test is skipped by name. */
import { connectAsync } from 'mqtt';
import { afterEach, describe, expect, it, vi, type TestContext } from 'vitest';
import { needInflux, needKafka, needMqtt } from './addresses.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

/** A test that is asked to skip itself ends there. */
const context = {
  skip(reason: string): never {
    throw new Error(reason);
  },
} as unknown as TestContext;

describe('a server that the environment does not name', () => {
  it.each([
    ['Kafka', needKafka, 'STACKWARDEN_TEST_KAFKA'],
    ['InfluxDB', needInflux, 'STACKWARDEN_TEST_INFLUX_TOKEN'],
    ['MQTT broker', needMqtt, 'STACKWARDEN_TEST_MQTT'],
  ] as const)('is a reason to skip: no %s', (name, need, variable) => {
    for (const part of ['URL', 'ORG', 'BUCKET', 'TOKEN']) vi.stubEnv(`STACKWARDEN_TEST_INFLUX_${part}`, 'x');
    vi.stubEnv(variable, '');
    expect(() => need(context)).toThrow(`no ${name}: set STACKWARDEN_TEST_`);
    expect(() => need(context)).toThrow('or run deploy/native/up');
  });

  it('is not skipped where it is named', () => {
    vi.stubEnv('STACKWARDEN_TEST_KAFKA', '127.0.0.1:1');
    for (const part of ['URL', 'ORG', 'BUCKET', 'TOKEN']) vi.stubEnv(`STACKWARDEN_TEST_INFLUX_${part}`, part);
    expect(needKafka(context)).toBe('127.0.0.1:1');
    expect(needInflux(context)).toEqual({ url: 'URL', organisation: 'ORG', bucket: 'BUCKET', token: 'TOKEN' });
  });
});

describe('a server that the environment names', () => {
  it('passes a message on: MQTT', async (test) => {
    const client = await connectAsync(needMqtt(test));
    const received = new Promise<string>((resolve) => {
      client.on('message', (_topic, payload) => {
        resolve(payload.toString());
      });
    });
    const topic = `stackwarden-test/${crypto.randomUUID()}`;
    await client.subscribeAsync(topic, { qos: 1 });
    await client.publishAsync(topic, 'hello', { qos: 1 });
    expect(await received).toBe('hello');
    await client.endAsync();
  });

  it('lets the token write and read: InfluxDB', async (test) => {
    const { url, organisation, bucket, token } = needInflux(test);
    const headers = { authorization: `Token ${token}` };
    const measurement = `test-${crypto.randomUUID()}`;
    const where = new URLSearchParams({ org: organisation, bucket }).toString();
    const written = await fetch(`${url}/api/v2/write?${where}`, {
      method: 'POST',
      headers,
      body: `${measurement} a=1`,
    });
    expect(written.status).toBe(204);
    const read = await fetch(`${url}/api/v2/query?${where}`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/vnd.flux' },
      body: `from(bucket: "${bucket}") |> range(start: -1m) |> filter(fn: (r) => r._measurement == "${measurement}")`,
    });
    expect(await read.text()).toContain(`,a,${measurement}`);
  });
});
