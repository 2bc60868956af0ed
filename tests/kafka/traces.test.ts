/** A report that is followed over real Kafka: from its receipt to the copy that the API reads. */
import { connectAsync } from 'mqtt';
import { pino } from 'pino';
import { expect, it, vi } from 'vitest';
import { readConfig, type Config, type PartialConfig } from '../../cli/config.ts';
import { startApiStage } from '../../cli/stages/api-stage.ts';
import { startDetectStage } from '../../cli/stages/detect-stage.ts';
import { startIngestStage } from '../../cli/stages/ingest-stage.ts';
import type { RunningStage } from '../../cli/stages/run-stage.ts';
import { temporaryFolder } from '../ports/sqlite-folder.ts';
import { needKafka } from '../servers/addresses.ts';
import { endsAfterEach } from '../support/ends-after-each.ts';
import { startTraceCollector, type CollectedSpan, type TraceCollector } from '../support/trace-collector.ts';
import { importRegistry, REGISTRY, reportOf, topicOf } from './ingesting.ts';
import { makeOwnTopics, type OwnTopics } from './own-topics.ts';

/** A filter that can be seen to be off by two reports. */
const PLANT = `
  - id: plant
    name: plant
    district: d
    industry: cement
    devices: [{id: m-kiln, kind: meter, every: PT15M}, {id: m-bag, kind: meter, every: PT15M}]
    lines:
      - id: line-1
        production: [{device: m-kiln, rated: 800, "on": 100}]
        treatment: [{device: m-bag, rated: 100, "on": 20}]
`;

const ends = endsAfterEach();

interface Running {
  readonly topics: OwnTopics;
  readonly collector: TraceCollector;
  readonly mqttUrl: string;
  readonly apiUrl: string;
  readonly stages: readonly RunningStage[];
  stop(): Promise<void>;
}

function configOf({ settings }: OwnTopics, more: PartialConfig): Config {
  const kafka = { log: 'kafka', kafkaBrokers: settings.brokers, kafkaPrefix: settings.prefix } as const;
  const flags = { ...kafka, kafkaPartitions: settings.partitions, http: 0, mqtt: 0, insecure: true, ...more };
  return readConfig(flags, {});
}

async function startAll(brokers: string, more: (collector: TraceCollector) => PartialConfig): Promise<Running> {
  const topics = await makeOwnTopics(brokers);
  const collector = await startTraceCollector();
  ends.push(() => collector.close());
  const { folder, remove } = temporaryFolder();
  ends.push(() => Promise.resolve(remove()));
  await importRegistry(topics, REGISTRY + PLANT);
  const config = configOf(topics, { data: folder, ...more(collector) });
  const logger = pino({ level: 'silent' });
  const stages: RunningStage[] = [];
  let stopped: Promise<unknown> | undefined;
  const stop = async (): Promise<void> => {
    stopped ??= Promise.all(stages.map((stage) => stage.stop()));
    await stopped;
  };
  ends.push(stop);
  const [ingest, detect, api] = await Promise.all([
    startIngestStage(config, logger),
    startDetectStage(config, logger),
    startApiStage({ config, logger }),
  ]);
  stages.push(ingest, detect, api);
  await vi.waitFor(async () => expect(await isReady(ingest)).toBe(true), { timeout: 20_000 });
  return { topics, collector, mqttUrl: String(ingest.addresses['mqttUrl']), apiUrl: api.http.url, stages, stop };
}

async function isReady({ addresses }: RunningStage): Promise<boolean> {
  return (await fetch(`http://127.0.0.1:${String(addresses['http'])}/health/ready`)).ok;
}

const SECRET = 48_151_623;

/** Its clock is ahead: that is told at once. */
const ahead = (): string =>
  JSON.stringify({ ts: new Date(Date.now() + 3_600_000).toISOString(), values: { power: SECRET } });

async function publish(url: string, site: string, text: string, device = 'm-1'): Promise<void> {
  const client = await connectAsync(url, { username: 'someone', password: 'my-password' });
  await client.publishAsync(topicOf(site, device), text, { qos: 1 });
  await client.endAsync();
}

async function findings(
  apiUrl: string,
  rule = 'quality.clock',
): Promise<readonly { readonly rule: string; readonly site: string }[]> {
  const response = await fetch(new URL(`/api/v1/findings?rule=${rule}`, apiUrl));
  return ((await response.json()) as { items: { rule: string; site: string }[] }).items;
}

function way(spans: readonly CollectedSpan[], device: string): readonly CollectedSpan[] {
  const first = spans.find(
    ({ name, attributes }) => name === 'mqtt.receive' && attributes['stackwarden.device'] === device,
  );
  return spans.filter(({ traceId }) => traceId === first?.traceId);
}

it('follows a report from its receipt to the finding in the API', { timeout: 90_000 }, async (context) => {
  const running = await startAll(needKafka(context), ({ url }) => ({ traces: url, tracesSharePercent: 100 }));
  const { collector } = running;
  await publish(running.mqttUrl, 'alpha', ahead());
  await vi.waitFor(async () => expect(await findings(running.apiUrl)).toHaveLength(1), { timeout: 30_000 });
  await running.stop();
  const spans = way(collector.spans, 'm-1');
  const named = (name: string): CollectedSpan | undefined => spans.find((span) => span.name === name);
  const [receive, detect, store] = [named('mqtt.receive'), named('detect'), named('api.store')];
  expect(receive).toMatchObject({ service: 'stackwarden-ingest', parentSpanId: undefined });
  expect(detect).toMatchObject({ service: 'stackwarden-detect', parentSpanId: receive?.spanId });
  expect(store).toMatchObject({ service: 'stackwarden-api', parentSpanId: detect?.spanId });
  expect(receive?.attributes).toMatchObject({ 'stackwarden.device': 'm-1', 'stackwarden.reports': 1 });
  expect(detect?.attributes).toMatchObject({ 'stackwarden.site': 'alpha', 'stackwarden.findings': 1 });
  expect(spans.filter(({ failure }) => failure !== undefined)).toEqual([]);
  expect(Number((store?.endNanos ?? 0n) - (receive?.startNanos ?? 0n)) / 1e6).toBeLessThan(30_000);
  // Whatever a collector shows, it shows no measured value and nothing that opens a door.
  const sent = collector.bodies.join('\n');
  for (const kept of [String(SECRET), 'my-password', 'someone']) expect(sent).not.toContain(kept);
});

it('follows a report that was held to the finding that came of it', { timeout: 90_000 }, async (context) => {
  const running = await startAll(needKafka(context), ({ url }) => ({ traces: url, tracesSharePercent: 100 }));
  const { collector } = running;
  const ts = new Date(Math.floor(Date.now() / 60_000) * 60_000 - 900_000).toISOString();
  const mean = (power: number): string => JSON.stringify({ ts, period: 'PT15M', values: { power } });
  const detected = (): boolean => way(collector.spans, 'm-kiln').some(({ name }) => name === 'detect');
  await publish(running.mqttUrl, 'plant', mean(500), 'm-kiln');
  // What it came in with is committed before the other one comes.
  await vi.waitFor(() => expect(detected()).toBe(true), { timeout: 30_000 });
  await publish(running.mqttUrl, 'plant', mean(0), 'm-bag');
  const rule = 'treatment.off';
  await vi.waitFor(async () => expect(await findings(running.apiUrl, rule)).toHaveLength(1), { timeout: 30_000 });
  await running.stop();
  const spans = way(collector.spans, 'm-kiln');
  const [detect, finding] = ['detect', 'detect.finding'].map((name) => spans.find((span) => span.name === name));
  expect(detect?.attributes).toMatchObject({ 'stackwarden.findings': 0 });
  expect(finding).toMatchObject({ parentSpanId: detect?.spanId, attributes: { 'stackwarden.findings': 1 } });
  const stores = spans.filter(({ name }) => name === 'api.store').map(({ parentSpanId }) => parentSpanId);
  expect(stores).toContain(finding?.spanId);
});

it('follows a report through the lane of those that were sent later', { timeout: 90_000 }, async (context) => {
  const running = await startAll(needKafka(context), ({ url }) => ({ traces: url, tracesSharePercent: 100 }));
  await publish(running.mqttUrl, 'delta', reportOf(5, { resent: true }));
  const names = (): readonly string[] => way(running.collector.spans, 'm-1').map(({ name }) => name);
  await vi.waitFor(() => expect(names()).toEqual(expect.arrayContaining(['mqtt.receive', 'detect', 'api.store'])), {
    timeout: 30_000,
  });
  const lanes = [0, 1, 2].map((partition) => running.topics.records(partition, 'backlog'));
  expect((await Promise.all(lanes)).flat()).toHaveLength(1);
});

it('puts the context into the headers, and nothing while it is off', { timeout: 90_000 }, async (context) => {
  const brokers = needKafka(context);
  const headersWith = async (
    more: (collector: TraceCollector) => PartialConfig,
  ): Promise<ReadonlyMap<string, number>> => {
    const running = await startAll(brokers, more);
    await publish(running.mqttUrl, 'beta', ahead());
    await vi.waitFor(async () => expect(await findings(running.apiUrl)).toHaveLength(1), { timeout: 30_000 });
    await running.stop();
    const found = new Map<string, number>();
    for (const name of ['log', 'outcomes', 'samples', 'findings', 'state'] as const) {
      for (let partition = 0; partition < running.topics.settings.partitions; partition += 1)
        for (const { headers } of await running.topics.messages(name, partition))
          found.set(name, (found.get(name) ?? 0) + (headers?.length ?? 0));
    }
    expect(running.collector.requests() > 0).toBe(found.get('log') === 1);
    return found;
  };
  const off = await headersWith(() => ({}));
  expect([...off.values()].every((count) => count === 0)).toBe(true);
  expect(off.get('log')).toBe(0);
  const on = await headersWith(({ url }) => ({ traces: url, tracesSharePercent: 100 }));
  expect(on.get('log')).toBe(1);
  expect(on.get('findings')).toBe(1);
  expect(on.get('outcomes')).toBeGreaterThan(0);
  expect(on.get('state')).toBe(0);
});

/** Reports one after the other: each waits for the PUBACK of the one before. @returns the longest wait, ms */
async function publishMany(url: string, count: number): Promise<number> {
  const client = await connectAsync(url);
  let longest = 0;
  for (let sent = 0; sent < count; sent += 1) {
    const begin = performance.now();
    await client.publishAsync(topicOf('gamma'), reportOf(sent), { qos: 1 });
    longest = Math.max(longest, performance.now() - begin);
  }
  await client.endAsync();
  return longest;
}

it.for(['hangs', 'refuses'] as const)('works on while the collector %s', { timeout: 90_000 }, async (mood, context) => {
  const running = await startAll(needKafka(context), ({ url }) => ({ traces: url, tracesSharePercent: 100 }));
  running.collector.mood = mood;
  await publish(running.mqttUrl, 'gamma', ahead());
  await vi.waitFor(() => expect(running.collector.requests()).toBeGreaterThan(0), { timeout: 10_000 });
  expect(await publishMany(running.mqttUrl, 300)).toBeLessThan(1_500);
  await vi.waitFor(async () => expect(await findings(running.apiUrl)).toHaveLength(1), { timeout: 30_000 });
  for (const stage of running.stages) expect(await isReady(stage)).toBe(true);
  const begin = performance.now();
  await running.stop();
  expect(performance.now() - begin).toBeLessThan(10_000);
  expect(running.collector.spans).toEqual([]);
});
