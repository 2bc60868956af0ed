/** The API on a real Kafka: what detectors tell is read over HTTP, also after restarts, and what people write stands in the log. */
import { afterEach, describe, expect, it, vi, type TestContext } from 'vitest';
import { ConfigError, UnavailableError } from '../../contracts/errors.ts';
import { closeDatabase, openForWriting } from '../../backends/sqlite/open-database.ts';
import type { OrderRecord, RegistryRecord } from '../../contracts/log-record.ts';
import { sitePartition } from '../../backends/kafka/site-partition.ts';
import { readConfig } from '../../cli/config.ts';
import { loadRegistryFiles } from '../../cli/registry-files.ts';
import { openEvents } from '../support/event-client.ts';
import { commit, deadLetter, finding, HOUR_MS, instant, mean, order, rule, sample, T0 } from '../ports/builders.ts';
import { needKafka } from '../servers/addresses.ts';
import { isReady, prepareApi, read, statusOf, type ApiRunner, type Items } from './api-running.ts';

vi.setConfig({ testTimeout: 120_000 });
const SOON = { timeout: 60_000, interval: 50 };
let runner: ApiRunner | undefined;
afterEach(async () => {
  await runner?.end();
  runner = undefined;
});

async function prepare(context: TestContext): Promise<ApiRunner> {
  runner = await prepareApi(needKafka(context));
  return runner;
}

const API = '/api/v1';
const SERIES = `${API}/sites/first-mill/signals/m-mill.power/data?from=${encodeURIComponent(instant(T0 - HOUR_MS))}&to=${encodeURIComponent(instant(T0 + HOUR_MS))}`;

describe('what detectors tell', () => {
  it('is read over HTTP as it comes: findings, means, values, orders, dead letters, rules', async (context) => {
    const { tell, newFolder, start, topics } = await prepare(context);
    const stage = await start(newFolder());
    await expect.poll(() => isReady(stage), SOON).toBe(true);
    const files = await loadRegistryFiles('docs/tutorial/first-mill.yaml');
    await stage.registry.import(files);
    await tell(
      0,
      0,
      commit({
        nextOffset: 10,
        findings: [finding({ site: 'first-mill' })],
        means: [mean({ site: 'first-mill', outlet: '', device: 'm-mill', signal: 'power' })],
        samples: [sample({ site: 'first-mill', device: 'm-mill', signals: ['power'], values: [12.3], flags: 'N' })],
        deadLetters: [deadLetter({ id: 'dl-0-3' })],
        orders: [order({ id: 'O-1', scope: { sites: ['first-mill'] } })],
        counts: { received: 10, stored: 9, dead_letters: 1 },
        rules: [rule('limit.hour')],
      }),
    );
    const first = async (path: string): Promise<unknown> => ((await read(stage, path)) as Items).items[0];
    await expect.poll(() => first(`${API}/findings`), SOON).toMatchObject({ id: 'f-1', site: 'first-mill' });
    expect(
      await first(
        `${API}/means?site=first-mill&from=${encodeURIComponent(instant(T0))}&to=${encodeURIComponent(instant(T0 + HOUR_MS))}`,
      ),
    ).toMatchObject({ mean: 88.25 });
    await expect.poll(async () => JSON.stringify(await read(stage, SERIES)), SOON).toContain('12.3');
    expect(await first(`${API}/dead-letters`)).toMatchObject({ id: 'dl-0-3' });
    expect(await read(stage, `${API}/orders/O-1`)).toMatchObject({ id: 'O-1', entered: { by: 'operator' } });
    expect(await first(`${API}/rules`)).toMatchObject({ id: 'limit.hour' });
    const metrics = await (await fetch(new URL('/metrics', stage.http.url))).text();
    expect(metrics).toContain('stackwarden_detect_received_total 10');
    expect(metrics).toContain(
      `stackwarden_api_copy_behind_messages{topic="${topics.settings.prefix}outcomes",partition="0"} 0`,
    );
    expect(metrics).toMatch(/stackwarden_api_log_lag_records\{partition="0"\} \d/);
  });

  it('reaches the live stream, whose ids another process does not take for its own', async (context) => {
    const { tell, newFolder, start } = await prepare(context);
    const [one, other] = [await start(newFolder()), await start(newFolder())];
    const stream = await openEvents(new URL(`${API}/events/stream`, one.http.url).href, {});
    expect(await stream.next()).toMatchObject({ event: 'ready' });
    await tell(1, 0, commit({ nextOffset: 1, findings: [finding()] }));
    const event = await stream.next(({ event: type }) => type === 'finding');
    expect(JSON.parse(event.data ?? '')).toMatchObject({ id: 'f-1' });
    await expect.poll(() => statusOf(other, `${API}/findings/f-1`), SOON).toBe(200);
    const last = { 'last-event-id': String(event.id) };
    const elsewhere = await openEvents(new URL(`${API}/events/stream`, other.http.url).href, last);
    expect(await elsewhere.next()).toMatchObject({ event: 'reset' });
    await tell(1, 1, commit({ nextOffset: 2, findings: [finding({ revision: 2 })] }));
    const again = await openEvents(new URL(`${API}/events/stream`, one.http.url).href, last);
    expect(await again.next(({ event: type }) => type !== undefined)).toMatchObject({ event: 'finding' });
  });
});

describe('what people write', () => {
  it('stands in every partition of the log, and is shown before it was read there', async (context) => {
    const { topics, newFolder, start } = await prepare(context);
    const stage = await start(newFolder());
    const files = await loadRegistryFiles('docs/tutorial/first-mill.yaml');
    const put = await fetch(new URL(`${API}/registry`, stage.http.url), {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ files }),
    });
    expect(put.status).toBe(200);
    const entered = { id: 'O-7', kind: 'shutdown', from: instant(T0), scope: { sites: ['first-mill'] } };
    const posted = await fetch(new URL(`${API}/orders`, stage.http.url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(entered),
    });
    expect(posted.status).toBe(201);
    expect(await read(stage, `${API}/orders/O-7`)).toMatchObject({ id: 'O-7' });
    for (const partition of [0, 1, 2]) {
      const records = await topics.records(partition);
      expect(records.map(({ kind }) => kind).filter((kind) => kind !== 'tick')).toEqual(['registry', 'order']);
      expect((records.find(({ kind }) => kind === 'registry') as RegistryRecord).digest).toMatch(/^[0-9a-f]{32}$/);
      expect(JSON.parse((records.find(({ kind }) => kind === 'order') as OrderRecord).body)).toMatchObject({
        id: 'O-7',
      });
    }
    // What one process put into force, every other one follows.
    const other = await start(newFolder());
    expect(other.registry.current().version).toBe(stage.registry.current().version);
    const changed = files.map((file) => ({ ...file, text: `${file.text}\n# changed\n` }));
    await other.registry.import(changed);
    await expect.poll(() => stage.registry.current().version, SOON).toBe(other.registry.current().version);
    expect(stage.registry.current().sites.has('first-mill')).toBe(true);
  });

  it('sends a dead letter through ingest again: marked everywhere, its report in its own partition', async (context) => {
    const { tell, topics, newFolder, start } = await prepare(context);
    const stage = await start(newFolder());
    await stage.registry.import(await loadRegistryFiles('docs/tutorial/first-mill.yaml'));
    const letter = deadLetter({
      id: 'dl-0-4',
      topic: 'stackwarden/v1/first-mill/m-mill/report',
      payload: JSON.stringify({ ts: instant(T0), period: 'PT15M', values: { power: 300 } }),
    });
    await tell(0, 0, commit({ nextOffset: 5, deadLetters: [letter] }));
    await expect.poll(() => statusOf(stage, `${API}/dead-letters/dl-0-4`), SOON).toBe(200);
    const url = new URL(`${API}/dead-letters/dl-0-4/redrive`, stage.http.url);
    expect(await (await fetch(url, { method: 'POST' })).json()).toMatchObject({ accepted: 1 });
    const kinds = [];
    for (const partition of [0, 1, 2]) {
      const records = (await topics.records(partition)).filter(({ kind }) => kind !== 'tick' && kind !== 'registry');
      kinds.push(records.map(({ kind }) => kind));
    }
    const own = sitePartition('first-mill', 3);
    expect(kinds).toEqual([0, 1, 2].map((partition) => (partition === own ? ['redrive', 'report'] : ['redrive'])));
    await tell(0, 5, commit({ nextOffset: 6, redriven: ['dl-0-4'] }));
    await expect.poll(() => read(stage, `${API}/dead-letters/dl-0-4`), SOON).toMatchObject({ state: 'redriven' });
  });

  it('is a key that every process knows', async (context) => {
    const { newFolder, start, topics } = await prepare(context);
    const stage = await start(newFolder());
    const { secret } = await stage.credentials.addKey('desk', 'admin');
    const { brokers, prefix, partitions } = topics.settings;
    const flags = { log: 'kafka', kafkaBrokers: brokers, kafkaPrefix: prefix, kafkaPartitions: partitions } as const;
    const closed = await start(newFolder(), { config: readConfig({ ...flags, data: newFolder(), http: 0 }, {}) });
    expect(await statusOf(closed, `${API}/findings`)).toBe(401);
    const response = await fetch(new URL(`${API}/findings`, closed.http.url), {
      headers: { authorization: `Bearer ${secret}` },
    });
    expect(response.status).toBe(200);
  });
});

describe('an API process that is started again', () => {
  it('goes on where it was, with the same ids of changes', async (context) => {
    const { tell, newFolder, start } = await prepare(context);
    const folder = newFolder();
    const first = await start(folder);
    await tell(2, 0, commit({ nextOffset: 5, findings: [finding()], counts: { received: 5 } }));
    await expect.poll(() => statusOf(first, `${API}/findings/f-1`), SOON).toBe(200);
    await first.stop();
    await tell(2, 5, commit({ nextOffset: 9, findings: [finding({ revision: 2 })], counts: { received: 4 } }));
    const second = await start(folder);
    await expect.poll(() => isReady(second), SOON).toBe(true);
    expect(await read(second, `${API}/findings/f-1`)).toMatchObject({ revision: 2 });
    const metrics = await (await fetch(new URL('/metrics', second.http.url))).text();
    expect(metrics).toContain('stackwarden_detect_received_total 9');
    expect(metrics).toContain('stackwarden_api_copy_messages_total 1');
  });

  it('takes no folder of another kind, none that is in use, and none of other topics', async (context) => {
    const { newFolder, start, tell } = await prepare(context);
    const store = newFolder();
    closeDatabase(openForWriting(store));
    await expect(start(store)).rejects.toThrow(/holds the log of a system/);
    const folder = newFolder();
    const stage = await start(folder);
    await expect(start(folder)).rejects.toThrow(UnavailableError);
    await tell(0, 0, commit({ nextOffset: 5, findings: [finding()] }));
    await expect.poll(() => statusOf(stage, `${API}/findings/f-1`), SOON).toBe(200);
    await stage.stop();
    const elsewhere = await prepareApi(needKafka(context));
    try {
      const beginning = elsewhere.start(folder);
      await expect(beginning).rejects.toThrow(ConfigError);
      await expect(beginning).rejects.toThrow(
        /partition 0 of topic .*outcomes is not the one that was copied up to 1.*remove the folder/,
      );
    } finally {
      await elsewhere.end();
    }
  });
});
