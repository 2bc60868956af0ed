/** What no server and no process does by itself: a storm of rebalances, messages of strangers, clocks that step. */
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { openDurableProducer } from '../../backends/kafka/durable-producer.ts';
import { loadClient } from '../../backends/kafka/load-client.ts';
import { topicName, type TopicName } from '../../backends/kafka/topics.ts';
import { commandBuilt } from '../end-to-end/built-command.ts';
import { killRegistry, killStream } from '../end-to-end/kill-stream.ts';
import { createOutbox } from '../end-to-end/outbox.ts';
import { needKafka } from '../servers/addresses.ts';
import { recordResult } from '../support/reliability-page.ts';
import { expectFindingsOfLog, expectNothingLost } from './fault-check.ts';
import { startProduction, type ProductionOptions, type ProductionSystem } from './production-system.ts';

const SITES = ['works-a', 'works-b', 'works-c', 'works-d'];
const MINUTES = 1_500;
const closes: (() => Promise<unknown>)[] = [];

beforeAll(commandBuilt, 300_000);

afterEach(async () => {
  for (const close of closes.splice(0).reverse()) await close();
}, 120_000);

async function start(options: Omit<ProductionOptions, 'registry'>): Promise<ProductionSystem> {
  const system = await startProduction({ registry: killRegistry(SITES), ...options });
  closes.push(() => system.stop());
  return system;
}

it('a storm of rebalances: detectors come and go all the time', { timeout: 600_000 }, async (context) => {
  const system = await start({ brokers: needKafka(context), detectors: 4 });
  const outbox = createOutbox(killStream(MINUTES, 31, SITES));
  let isSending = true;
  const sending = outbox
    .sendTo(system.mqttUrl, () => undefined)
    .finally(() => {
      isSending = false;
    });
  let changes = 0;
  // One after the other leaves as it should, and its supervisor brings it back.
  for (const turn = { at: 0 }; isSending || turn.at < 12; turn.at += 1) {
    system.stage(`detect-${String((turn.at % 4) + 1)}`).kill('SIGTERM');
    changes += 2;
    await pause(1_500);
  }
  await sending;
  expect(outbox.isEmpty()).toBe(true);
  const logged = await expectNothingLost(system, outbox);
  const findings = await expectFindingsOfLog(system);
  recordResult('a storm of rebalances on Kafka', 'npx vitest run tests/production/odd-faults.test.ts', {
    counts: `${String(changes)} joins and leaves of 4 detectors, ${String(logged)} reports acknowledged`,
    result: `0 lost; ${String(findings.length)} findings byte for byte those of the log`,
  });
});

const GARBAGE: readonly Buffer[] = [
  Buffer.alloc(0),
  Buffer.from('no record of ours'),
  Buffer.from('{"v":1}\n'),
  Buffer.from('{"v":1,"kind":"report","received":"soon","device":7}\n{}'),
  Buffer.from('{"v":1,"kind":"report","received":1764000000000,"device":"cems-1"}\nnot json at all'),
  Buffer.from('{"v":1,"kind":"order","received":1764000000000,"by":"x"}\n{"id":1}'),
  Buffer.from([0xff, 0xfe, 0x00, 0x0a, 0x80]),
];

it(
  'messages of strangers in every topic become dead letters or nothing, and all else goes on',
  { timeout: 600_000 },
  async (context) => {
    const system = await start({ brokers: needKafka(context) });
    const { settings } = system;
    const producer = await openDurableProducer(await loadClient(), settings, 'stranger');
    closes.push(() => producer.close());
    const steps = killStream(600, 32, SITES);
    const half = createOutbox(steps.slice(0, 300));
    await half.sendTo(system.mqttUrl, () => undefined);
    const divided: readonly TopicName[] = ['log', 'backlog', 'outcomes', 'samples'];
    for (const name of divided)
      for (let partition = 0; partition < settings.partitions; partition += 1)
        await producer.send(
          GARBAGE.map((value) => ({ topic: topicName(settings, name), partition, key: 'works-a', value })),
        );
    const rest = createOutbox(steps.slice(300));
    await rest.sendTo(system.mqttUrl, () => undefined);
    expect([half.isEmpty(), rest.isEmpty()]).toEqual([true, true]);
    const ours = { ...rest, acknowledged: new Map([...half.acknowledged, ...rest.acknowledged]) };
    const records = await system.records();
    const logged = records.flat().filter((record) => record.kind === 'report');
    expect(logged.length).toBeGreaterThan(0);
    await expect
      .poll(async () => [...ours.acknowledged.keys()].length > 0 && (await expectFindingsOfLog(system)).length, {
        timeout: 240_000,
      })
      .toBeGreaterThan(0);
    const letters = await system.ask<{ items: readonly { reason: string; detail: string }[] }>(
      '/api/v1/dead-letters?limit=1000',
    );
    const foreign = letters.items.filter(({ detail }) => detail.includes('was not written by ingest'));
    expect(foreign.length).toBeGreaterThanOrEqual(settings.partitions * 4);
    expect(system.stages.flatMap(({ crashes }) => crashes)).toEqual([]);
  },
);
