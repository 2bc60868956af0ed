/** The commands as they are shipped, on a real Kafka: import, credentials, keys, ingest as a process that is killed. */
import { once } from 'node:events';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAsync } from 'mqtt';
import { beforeAll, describe, expect, it } from 'vitest';
import { openRegistryShelf } from '../../backends/kafka/registry-shelf.ts';
import { KafkaCredentials } from '../../backends/kafka/kafka-credentials.ts';
import { freePort } from '../../deploy/native/free-port.mjs';
import { commandBuilt, runCommand, spawnCommand, textOf, type Outcome } from '../end-to-end/built-command.ts';
import { readyLine } from '../end-to-end/ready-line.ts';
import { needKafka } from '../servers/addresses.ts';
import { endsAfterEach } from '../support/ends-after-each.ts';
import { Device, importRegistry, lostReports, REGISTRY, reportOf, SITES, topicOf } from './ingesting.ts';
import { makeOwnTopics, type OwnTopics } from './own-topics.ts';

const SLOW = { timeout: 240_000 };
const ends = endsAfterEach();
beforeAll(commandBuilt, 300_000);

function environment({ settings }: Pick<OwnTopics, 'settings'>): Record<string, string> {
  return {
    STACKWARDEN_LOG: 'kafka',
    STACKWARDEN_KAFKA_BROKERS: settings.brokers,
    STACKWARDEN_KAFKA_PREFIX: settings.prefix,
    STACKWARDEN_KAFKA_PARTITIONS: String(settings.partitions),
  };
}

function registryFile(text = REGISTRY): string {
  const folder = mkdtempSync(join(tmpdir(), 'ingest-command-'));
  ends.push(async () => {
    rmSync(folder, { recursive: true, force: true });
  });
  const path = join(folder, 'registry.yaml');
  writeFileSync(path, text);
  return path;
}

interface Ready {
  readonly child: ChildProcess;
  readonly line: { readonly stage: string; readonly http: number; readonly mqtt: number; readonly mqttUrl: string };
}

async function startIngest(topics: OwnTopics, ...more: readonly string[]): Promise<Ready> {
  const child = spawnCommand(['ingest', '--http', '0', '--json', ...more], { env: environment(topics) });
  ends.push(async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
  });
  const errors = textOf(child.stderr);
  return { child, line: await readyLine<Ready['line']>(child, errors) };
}

describe('commands on Kafka', () => {
  it('put a registry into force with nothing running, and say when it is the same', SLOW, async (context) => {
    const topics = await makeOwnTopics(needKafka(context));
    const run = (path: string): Promise<Outcome> =>
      runCommand(['registry', 'import', path], { env: environment(topics) });
    const path = registryFile();
    const first = await run(path);
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toMatch(/^registry \w+ is in the log on Kafka at .*: 4 sites\n$/);
    expect((await run(path)).stdout).toContain('was in force already and stays so');
    const wrong = await run(registryFile('version: 1\nsites: [{id: X}]\n'));
    expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining('registry.yaml:2')]);
    for (const partition of [0, 1, 2])
      expect((await topics.records(partition)).map(({ kind }) => kind)).toEqual(['registry']);
    const shelf = openRegistryShelf(topics.module, topics.settings);
    expect((await shelf.files((await shelf.latest()) ?? ''))[0]?.text).toBe(REGISTRY);
  });

  it('give and take credentials and keys', SLOW, async (context) => {
    const topics = await makeOwnTopics(needKafka(context));
    const env = environment(topics);
    const run = (...args: readonly string[]): Promise<Outcome> => runCommand(args, { env });
    const added = await run('credentials', 'add', 'alpha/m-1', '--json');
    expect(added.code).toBe(0);
    const { password } = JSON.parse(added.stdout) as { password: string };
    expect((await run('credentials', 'add', 'alpha/m-1')).stderr).toContain('has a credential already');
    const all = await run('credentials', 'add-all', registryFile(), '--per', 'device');
    expect(all.stderr).toBe('7 added, 1 had one; passwords are shown only now\n');
    const { stdout } = await run('keys', 'add', 'wall', '--role', 'watch', '--json');
    const { secret } = JSON.parse(stdout) as { secret: string };
    const credentials = await KafkaCredentials.open(topics);
    ends.push(() => credentials.close());
    expect(await credentials.verifyDevice('alpha/m-1', password)).toMatchObject({ grants: ['alpha/m-1'] });
    expect(await credentials.verifyKey(secret)).toMatchObject({ name: 'wall', role: 'watch' });
    expect((await run('credentials', 'revoke', 'alpha/m-1')).code).toBe(0);
    expect((await run('credentials', 'revoke', 'alpha/m-1')).code).toBe(1);
    const list = JSON.parse((await run('credentials', 'list', '--json')).stdout) as { revokedAt?: number }[];
    expect([list.length, list.filter(({ revokedAt }) => revokedAt !== undefined).length]).toEqual([8, 1]);
  });

  it('end with the code that says why', SLOW, async (context) => {
    needKafka(context);
    const nowhere = { STACKWARDEN_LOG: 'kafka', STACKWARDEN_KAFKA_BROKERS: '127.0.0.1:9' };
    const [away, unset] = await Promise.all([
      runCommand(['ingest', '--http', '0', '--mqtt', '0'], { env: nowhere }),
      runCommand(['ingest', '--http', '0', '--mqtt', '0']),
    ]);
    expect([away.code, away.stderr]).toEqual([
      75,
      expect.stringContaining('127.0.0.1:9 takes no connection (ECONNREFUSED)'),
    ]);
    expect([unset.code, unset.stderr]).toEqual([78, expect.stringContaining('set log: kafka and kafkaBrokers')]);
  });
});

describe('stackwarden ingest', () => {
  it('lets devices in by their credentials, and ends cleanly when asked', SLOW, async (context) => {
    const topics = await makeOwnTopics(needKafka(context));
    await importRegistry(topics);
    const credentials = await KafkaCredentials.open(topics);
    ends.push(() => credentials.close());
    const { password } = await credentials.addDevice('alpha/m-1', ['alpha/m-1']);
    const { child, line } = await startIngest(topics, '--mqtt', '0');
    expect(line).toMatchObject({ ready: true, stage: 'ingest' });
    const device = await connectAsync(line.mqttUrl, { username: 'alpha/m-1', password, reconnectPeriod: 0 });
    device.on('error', () => undefined);
    await device.publishAsync(topicOf('alpha'), reportOf(1), { qos: 1 });
    const ready = await fetch(`http://127.0.0.1:${String(line.http)}/health/ready`);
    expect(await ready.json()).toMatchObject({ ready: true });
    const startedAt = performance.now();
    child.kill('SIGTERM');
    const [code] = (await once(child, 'exit')) as [number | null];
    expect([code, performance.now() - startedAt < 10_000]).toEqual([0, true]);
    await device.endAsync(true);
  });

  it('killed again and again, loses nothing that it acknowledged', SLOW, async (context) => {
    const topics = await makeOwnTopics(needKafka(context));
    await importRegistry(topics);
    const port = await freePort();
    const args = ['--mqtt', String(port), '--insecure'];
    let { child } = await startIngest(topics, ...args);
    const url = `mqtt://127.0.0.1:${String(port)}`;
    const all = new Map(SITES.map((site) => [site, new Device(url, site).start()]));
    for (const device of all.values()) ends.push(() => device.stop());
    for (let round = 0; round < 5; round += 1) {
      for (const { acknowledged } of all.values()) {
        const before = acknowledged.length;
        await expect.poll(() => acknowledged.length, { timeout: 30_000 }).toBeGreaterThan(before + 20 + 7 * round);
      }
      child.kill('SIGKILL');
      await once(child, 'exit');
      ({ child } = await startIngest(topics, ...args));
    }
    for (const device of all.values()) await device.stop();
    expect(await lostReports(topics, all)).toEqual([]);
  });
});
