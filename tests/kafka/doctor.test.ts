/** The doctor on real servers: all well, and each thing wrong once; servers that hang do not hold it up. */
import { describe, expect, it, vi, type TestContext } from 'vitest';
import { leaksOffsets } from '../../backends/kafka/known-leak.ts';
import { runDoctor } from '../../cli/commands/doctor.ts';
import { readConfig, type PartialConfig } from '../../cli/config.ts';
import type { Check } from '../../cli/doctor/check.ts';
import { freePort } from '../../deploy/native/free-port.mjs';
import { newBucket } from '../influx/new-bucket.ts';
import { temporaryFolder } from '../ports/sqlite-folder.ts';
import { needInflux, needKafka, needMqtt } from '../servers/addresses.ts';
import { TcpProxy } from '../servers/proxy.ts';
import { endsAfterEach } from '../support/ends-after-each.ts';
import { openTestLog, startTestGroup, type TestLog } from './detecting.ts';
import { registryEntry, worksRegistry } from './works.ts';

vi.setConfig({ testTimeout: 180_000 });
const ends = endsAfterEach();

interface Answer {
  readonly code: number;
  /** Name and detail. */
  readonly lines: readonly string[];
  /** With what to do. */
  readonly wrong: readonly string[];
}

async function examine(config: PartialConfig): Promise<Answer> {
  const place = temporaryFolder();
  let text = '';
  const given = readConfig({ data: `${place.folder}/none`, connections: 100, retainMeanDays: 400, ...config }, {});
  const options = { quick: true, acceptLoss: false, json: true, threads: '16' };
  const code = await runDoctor(given, options, { write: (part) => void (text += part) });
  place.remove();
  const checks = JSON.parse(text) as Check[];
  // Which build is here is not what is tested.
  const judged = checks.filter(({ name }) => name !== 'client' || !leaksOffsets());
  return {
    code,
    lines: judged.map(({ name, detail }) => `${name}: ${detail}`),
    wrong: judged.flatMap(({ name, ok, detail, remedy }) => (ok ? [] : [`${name}: ${detail} → ${remedy ?? ''}`])),
  };
}

/** Three partitions, a registry and a tick in each. */
async function runningLog(context: TestContext): Promise<{ readonly log: TestLog; readonly config: PartialConfig }> {
  const brokers = needKafka(context);
  const log = await openTestLog(brokers, 3);
  ends.push(() => log.close());
  await log.append([registryEntry(worksRegistry(1), Date.now()), { kind: 'tick', received: Date.now() }]);
  const { prefix } = log.settings;
  return { log, config: { log: 'kafka', kafkaBrokers: brokers, kafkaPrefix: prefix, kafkaPartitions: 3 } };
}

describe('the doctor on Kafka', () => {
  it('finds nothing wrong where all is well, and sees who is away', async (context) => {
    const { log, config } = await runningLog(context);
    const influx = await newBucket(needInflux(context), 1_100 * 86_400);
    const { url, organisation, bucket, token } = influx;
    const all: PartialConfig = {
      ...config,
      series: 'influx',
      influxUrl: url,
      influxOrg: organisation,
      influxBucket: bucket,
      influxToken: token,
      source: needMqtt(context),
    };
    expect((await examine(all)).wrong.join()).toMatch(
      /^detect: nobody detects \(the group is \w+\); partitions wait: [^→]*0: 2 since \d+ s[^→]* → start `stackwarden detect`$/,
    );
    const group = startTestGroup(log, []);
    ends.push(() => group.close());
    await expect.poll(async () => (await examine(all)).wrong.length, { timeout: 60_000, interval: 500 }).toBe(0);
    await expect
      .poll(async () => (await examine(all)).lines.join('\n'), { timeout: 60_000, interval: 500 })
      .toMatch(/^detect: 1 members \(Stable\), nothing waits$/m);
    await log.append([{ kind: 'tick', received: Date.now() }]);
    const { lines } = await examine(all);
    const said = lines.join('\n');
    expect(said).toMatch(/^topics: 9 as planned, up to 3 partitions, one copy of each$/m);
    expect(said).toMatch(/^registry: registry [0-9a-f]{32}, since 20\S+Z \(\d+ s\)$/m);
    expect(said).toMatch(/^intake: a tick within the last minute in each partition; newest record \d+ s old$/m);
    expect(said).toMatch(/^bucket: \S+ keeps 1100 days, retainSampleDays is 1100$/m);
    expect(said).toMatch(/^source: .* connection of MQTT 5, keeps for 7 days/m);
  });

  it('names topics that are divided or set otherwise, with what sets them', async (context) => {
    const { log, config } = await runningLog(context);
    const { wrong } = await examine({ ...config, kafkaPartitions: 4, retainLogDays: 30, kafkaReplicas: 2 });
    const said = wrong.join('\n');
    const { prefix } = log.settings;
    expect(said).toMatch(/^brokers: 1 in the cluster.*fewer than kafkaReplicas \(2\)/m);
    expect(said).toContain(`topic: ${prefix}log has 3 partitions, planned 4 → set kafkaPartitions`);
    expect(said).toContain(`topic: ${prefix}log has 1 copies, kafkaReplicas is 2`);
    expect(said).toMatch(
      /^topic: \S+log: retention.ms is 34560000000, planned 2592000000 → kafka-configs.sh .* --entity-name \S+log --add-config retention.ms=2592000000$/m,
    );
    expect(said).not.toMatch(/registries has 1 partitions/);
  });

  it('names the broker that refuses and the one that hangs, and is done in time', async (context) => {
    const { config } = await runningLog(context);
    const own = config.kafkaBrokers ?? '';
    const refused = `127.0.0.1:${String(await freePort())}`;
    const proxy = new TcpProxy(await freePort(), Number(own.split(':')[1]));
    ends.push(() => proxy.close());
    await proxy.hang();
    const startedAt = performance.now();
    const some = await examine({ ...config, kafkaBrokers: `${own},${refused},${proxy.address}` });
    const said = some.wrong.join('\n');
    expect(said).toContain(`${refused} takes no connection (ECONNREFUSED)`);
    expect(said).toContain(`${proxy.address} takes connections and does not answer`);
    expect(said).toMatch(/^brokers: 2 of 3 do not answer/m);
    expect(some.lines.join('\n')).toMatch(/^topics: 9 as planned/m);
    expect(performance.now() - startedAt).toBeLessThan(30_000);
    const none = await examine({ ...config, kafkaBrokers: proxy.address });
    expect([none.code, none.wrong.join('\n')]).toEqual([
      1,
      expect.stringMatching(
        /^brokers: 1 of 1 do not answer.*\ntopics: not looked at: no broker answers → see brokers$/,
      ),
    ]);
    expect(performance.now() - startedAt).toBeLessThan(45_000);
  });
});

describe('the doctor on InfluxDB and a broker', () => {
  const series = (url: string, token: string, bucket: string, organisation: string): PartialConfig => ({
    series: 'influx',
    influxUrl: url,
    influxToken: token,
    influxBucket: bucket,
    influxOrg: organisation,
  });

  it('names a token that is wrong, a bucket that is not there, and one that keeps too short', async (context) => {
    const { config } = await runningLog(context);
    const { url, token, bucket, organisation } = await newBucket(needInflux(context), 30 * 86_400);
    const short = (await examine({ ...config, ...series(url, token, bucket, organisation) })).wrong.join('\n');
    expect(short).toMatch(/^bucket: \S+ keeps 30 days, retainSampleDays is 1100 → influx bucket update/m);
    expect(short).not.toMatch(/^token:/m);
    const wrong = (await examine({ ...config, ...series(url, 'wrong', bucket, organisation) })).wrong.join('\n');
    expect(wrong).toMatch(/^bucket: .*unauthorized access/m);
    expect(wrong).toMatch(
      /^token: may not read: unauthorized access; may not write: .*refuses the token.* → influx auth/m,
    );
    const none = (await examine({ ...config, ...series(url, token, 'nowhere', organisation) })).wrong.join('\n');
    expect(none).toMatch(/^bucket: organisation \S+ has no bucket nowhere.* → influx bucket create/m);
  });

  it('is not held up by one that hangs', async (context) => {
    const { config } = await runningLog(context);
    const hanging = new TcpProxy(await freePort(), 9);
    ends.push(() => hanging.close());
    await hanging.hang();
    const startedAt = performance.now();
    const { wrong } = await examine({
      ...config,
      ...series(`http://${hanging.address}`, 't', 'b', 'o'),
      source: `mqtt://secret:word@${hanging.address}`,
    });
    const said = wrong.join('\n');
    expect(said).toMatch(/^influx: http:\S+ does not answer: no answer in time/m);
    expect(said).toMatch(/^source: mqtt:\S+ gives no connection: /m);
    expect(said).not.toMatch(/secret|word/);
    expect(performance.now() - startedAt).toBeLessThan(20_000);
  });
});
