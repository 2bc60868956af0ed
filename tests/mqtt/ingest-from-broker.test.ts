/** Devices → Mosquitto → ingest → Kafka: what the broker has acknowledged is in the log, whatever hangs in between. */
import { connectAsync } from 'mqtt';
import { describe, expect, it } from 'vitest';
import { needKafka } from '../servers/addresses.ts';
import { startKafka, startMosquitto } from '../servers/own-server.ts';
import { Device, importRegistry, ingestingUntil, lostReports, SITES, topicOf } from '../kafka/ingesting.ts';
import { makeOwnTopics } from '../kafka/own-topics.ts';
import { endsAfterEach } from '../support/ends-after-each.ts';

const SLOW = { timeout: 300_000 };
const ends = endsAfterEach();
const ingesting = ingestingUntil(ends);

describe('ingest from a broker', () => {
  it('takes what is no report as the endpoint does, and says how it stands', SLOW, async (context) => {
    const topics = await makeOwnTopics(needKafka(context));
    const broker = await startMosquitto(context);
    ends.push(() => broker.stop());
    await importRegistry(topics);
    const url = `mqtt://${broker.address}`;
    const stage = await ingesting(topics, { source: url, sourceName: 'one' });
    expect(stage.addresses).not.toHaveProperty('mqtt');
    expect(await stage.ready()).toMatchObject({ ready: true });
    const device = await connectAsync(url);
    ends.push(() => device.endAsync(true));
    await device.publishAsync(topicOf('alpha'), 'no json', { qos: 1 });
    await device.publishAsync('stackwarden/v1/Alpha/m-1/report', '{}', { qos: 1 });
    await expect.poll(() => stage.metrics()).toContain('stackwarden_ingest_acknowledged_total 2\n');
    const records = (await Promise.all([0, 1, 2].map((partition) => topics.records(partition)))).flat();
    const dead = records.flatMap((record) => (record.kind === 'dead' ? [record.reason] : []));
    expect([...dead].sort()).toEqual(['payload-not-json', 'topic-invalid']);
    await broker.kill();
    await expect.poll(async () => (await stage.ready()).ready, { timeout: 20_000 }).toBe(false);
    await broker.restart();
    await expect.poll(async () => (await stage.ready()).ready, { timeout: 30_000 }).toBe(true);
    expect(await stage.metrics()).toMatch(/stackwarden_source_reconnects_total [1-9]/);
  });

  it('loses nothing while Kafka hangs and comes back, and another process takes over', SLOW, async (context) => {
    const server = await startKafka(context);
    ends.push(() => server.stop());
    const broker = await startMosquitto(context);
    ends.push(() => broker.stop());
    const topics = await makeOwnTopics(server.address, server.proxy.address);
    await importRegistry(topics);
    const url = `mqtt://${broker.address}`;
    const settings = { source: url, sourceName: 'one', storageRefusalSeconds: 5 };
    const first = await ingesting(topics, settings);
    const all = new Map(SITES.map((site) => [site, new Device(url, site).start()]));
    for (const device of all.values()) ends.push(() => device.stop());
    const goOn = async (): Promise<void> => {
      const counts = [...all.values()].map(({ acknowledged }) => acknowledged.length);
      for (const [index, { acknowledged }] of [...all.values()].entries())
        await expect.poll(() => acknowledged.length, { timeout: 60_000 }).toBeGreaterThan((counts[index] ?? 0) + 50);
    };
    await goOn();
    await server.proxy.hang();
    // The broker goes on taking in what waits for us.
    await goOn();
    await expect.poll(() => first.metrics(), { timeout: 60_000 }).toMatch(/source_reconnects_total [1-9]/);
    await server.proxy.forward();
    await goOn();
    await first.stop();
    await goOn();
    await ingesting(topics, settings);
    await goOn();
    for (const device of all.values()) await device.stop();
    await expect.poll(() => lostReports(topics, all), { timeout: 60_000, interval: 1_000 }).toEqual([]);
  });
});
