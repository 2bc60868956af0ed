/**
 * An update while everything runs: one process after the other is asked to end and is started again, those that read
 * before those that write, so that nobody meets a format that it does not know.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { commandBuilt } from '../end-to-end/built-command.ts';
import { killRegistry, killStream } from '../end-to-end/kill-stream.ts';
import { createOutbox, type Outbox } from '../end-to-end/outbox.ts';
import { until } from '../end-to-end/running-system.ts';
import { needInflux, needKafka } from '../servers/addresses.ts';
import { recordResult } from '../support/reliability-page.ts';
import { expectFindingsOfLog, expectNothingLost, expectSeriesOfLog } from './fault-check.ts';
import { startLiveDevice, waitsOf } from './live-device.ts';
import { startProduction, type ProductionSystem } from './production-system.ts';
import type { StageProcess } from './stage-process.ts';

const SITES = ['works-a', 'works-b', 'works-c', 'works-d'];
/** In a bucket that others may use, its values are told from theirs. */
const LIVE_SITE = `live-${randomUUID()}`;
const LIVE = `${LIVE_SITE}/cems-1`;
/** As in `docs/how-to/deploy-without-containers.md`. */
const ORDER = ['api', 'series', 'detect-1', 'detect-2', 'ingest-1', 'ingest-2'];
const ENDS_WITHIN_MS = 10_000;
/** Longer than a group waits for a member that does not say goodbye: nothing needs that here. */
const MOST_WAIT_MS = 20_000;
const CHUNK_MINUTES = 60;
/** Some hundred reports a second: what waits then waits for a restart, and not because a small machine is full. */
const CHUNK_PAUSE_MS = 1_000;
/** More than is sent while everything is restarted once. */
const STREAM = killStream(100 * CHUNK_MINUTES, 91, SITES);
const closes: (() => Promise<unknown>)[] = [];

beforeAll(commandBuilt, 300_000);

afterEach(async () => {
  for (const close of closes.splice(0).reverse()) await close();
}, 120_000);

interface Load {
  /** Resolves with everything that was sent. */
  stop(): Promise<Outbox>;
}

/** What loggers stored, sent until it is stopped, to whoever listens. */
function startLoad(system: ProductionSystem): Load {
  const outboxes: Outbox[] = [];
  let isStopped = false;
  const run = async (): Promise<void> => {
    for (let at = 0; at < STREAM.length && (!isStopped || outboxes.length < 10); at += CHUNK_MINUTES) {
      const outbox = createOutbox(STREAM.slice(at, at + CHUNK_MINUTES));
      outboxes.push(outbox);
      while (!outbox.isEmpty())
        await outbox.sendTo(system.mqttUrl, () => undefined).catch((refused: unknown) => refused);
      await pause(CHUNK_PAUSE_MS);
    }
  };
  const running = run();
  return {
    async stop() {
      isStopped = true;
      await running;
      return {
        ...createOutbox([]),
        acknowledged: new Map(outboxes.flatMap(({ acknowledged }) => [...acknowledged])),
        sent: new Map(outboxes.flatMap(({ sent }) => [...sent])),
      };
    },
  };
}

async function isReady(stage: StageProcess): Promise<boolean> {
  const { http } = await stage.whenReady();
  const { status } = await fetch(`http://127.0.0.1:${String(http)}/health/ready`);
  return status === 200;
}

/** Stopped as an update stops it, and started as the new version would be. @returns how long its end took */
async function restart(stage: StageProcess): Promise<number> {
  const { code, ms } = await stage.stop();
  expect({ stage: stage.name, code, words: code === 0 ? '' : stage.lastWords() }).toEqual({
    stage: stage.name,
    code: 0,
    words: '',
  });
  expect(ms).toBeLessThan(ENDS_WITHIN_MS);
  await stage.start();
  expect(await until(() => isReady(stage), Boolean, 60_000)).toBe(true);
  return ms;
}

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

it('every stage is restarted in turn, and nobody loses or waits for long', { timeout: 600_000 }, async (context) => {
  const system = await startProduction({
    brokers: needKafka(context),
    influx: needInflux(context),
    registry: killRegistry([...SITES, LIVE_SITE]),
  });
  closes.push(() => system.stop());
  expect(ORDER.toSorted()).toEqual(system.stages.map(({ name }) => name).sort());
  const load = startLoad(system);
  const device = startLiveDevice(system.mqttUrl, LIVE);
  await expect.poll(() => device.acknowledged.size, { timeout: 60_000 }).toBeGreaterThan(20);
  const beganAt = device.acknowledged.size;
  const ended: number[] = [];
  for (const name of ORDER) ended.push(await restart(system.stage(name)));
  const during = device.acknowledged.size - beganAt;
  expect(during).toBeGreaterThan(20);
  await device.stop();
  const sent = await load.stop();
  const all: Outbox = {
    ...sent,
    acknowledged: new Map([...sent.acknowledged, ...device.acknowledged]),
    sent: new Map([...sent.sent, ...device.sent]),
  };
  const logged = await expectNothingLost(system, all);
  const findings = await expectFindingsOfLog(system);
  expect(system.stages.flatMap(({ crashes }) => crashes)).toEqual([]);
  expect(system.stages.map(({ starts }) => starts)).toEqual(system.stages.map(() => 2));
  const waits = await until(
    () => waitsOf(system, LIVE),
    ({ length }) => length >= device.acknowledged.size,
    60_000,
  );
  expect(waits).toHaveLength(device.acknowledged.size);
  const [longest, usual] = [Math.max(...waits), waits.toSorted((a, b) => a - b)[Math.floor(waits.length / 2)] ?? 0];
  expect(longest).toBeLessThan(MOST_WAIT_MS);
  expect(await expectSeriesOfLog(system, [LIVE_SITE])).toBe(device.acknowledged.size);
  recordResult('a rolling restart of every stage on Kafka', 'npx vitest run tests/production/rolling-restart.test.ts', {
    counts: `${String(ORDER.length)} processes in turn, ${String(logged)} reports acknowledged`,
    result: `0 lost; ${String(findings.length)} findings byte for byte those of the log; each ended with 0 within ${seconds(Math.max(...ended))}; a live report waited ${seconds(longest)} at most, ${seconds(usual)} usually`,
  });
});
