/** Whatever devices send, well-formed or not, is counted once and stays findable: received = stored + repeats + dead letters + held. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { temporaryFolder } from '../ports/sqlite-folder.ts';
import { commandBuilt } from './built-command.ts';
import { openLine, type DeviceLine } from './device-line.ts';
import { KILL_REGISTRY } from './kill-stream.ts';
import { caughtUp, listAll, readMetrics, startSystem, until, type RunningSystem } from './running-system.ts';

const MINUTE_MS = 60_000;
const { folder, remove } = temporaryFolder();
let system: RunningSystem;
let cems: DeviceLine;
let kiln: DeviceLine;

const now = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
const at = (minutes: number, values: object, more: object = {}): object => ({
  ts: new Date(now + minutes * MINUTE_MS).toISOString(),
  values,
  ...more,
});

beforeAll(async () => {
  await commandBuilt();
  writeFileSync(join(folder, 'registry.yaml'), KILL_REGISTRY);
  system = await startSystem(join(folder, 'data'), ['--insecure', '--registry', join(folder, 'registry.yaml')]);
  cems = await openLine(system.ready.mqttUrl, 'works-a/cems-1');
  kiln = await openLine(system.ready.mqttUrl, 'works-a/m-kiln');
}, 300_000);
afterAll(async () => {
  await (system as RunningSystem | undefined)?.stop();
  remove();
});

interface Counts {
  readonly received: number;
  readonly stored: number;
  readonly repeats: number;
  readonly revisions: number;
  readonly dead: number;
  readonly held: number;
}

async function counts(): Promise<Counts> {
  await caughtUp(system);
  const metrics = await readMetrics(system);
  const count = (name: string): number => metrics.get(`stackwarden_detect_${name}`) ?? Number.NaN;
  return {
    received: count('received_total'),
    stored: count('stored_total'),
    repeats: count('repeats_total'),
    revisions: count('revisions_total'),
    dead: count('dead_letters_total'),
    held: count('held'),
  };
}

interface Sent {
  readonly good: readonly object[];
  readonly repeated: readonly object[];
  readonly revised: readonly object[];
  readonly late: readonly object[];
  readonly future: readonly object[];
  readonly farFuture: readonly object[];
  readonly refused: readonly object[];
}

function mixture(): Sent {
  const good = Array.from({ length: 60 }, (_, i) => at(i - 60, { nox: 50 + (i % 7) }));
  return {
    good,
    repeated: good.slice(10, 25),
    revised: [at(-20, { nox: 70 }), at(-19, { nox: 71 })],
    late: Array.from({ length: 30 }, (_, i) => at(i - 120, { nox: 40 + (i % 5) }, { resent: true })),
    future: [at(30, { nox: 50 }), at(45, { nox: 51 })],
    farFuture: [at(3_000, { nox: 50 })],
    refused: [
      at(-5, { mystery: 1 }),
      at(-4, { nox: 'much' }),
      { values: { nox: 1 } },
      { ts: 'yesterday', values: {} },
      [1],
    ],
  };
}

it('counts a mixture of everything once', { timeout: 120_000 }, async () => {
  const sent = mixture();
  await kiln.send(Array.from({ length: 60 }, (_, i) => at(i - 60, { power: 500 + i })));
  await cems.send(sent.good);
  await cems.send(sent.repeated);
  await cems.send([...sent.revised, ...sent.refused]);
  await cems.send(sent.late);
  await cems.send([...sent.future, ...sent.farFuture]);
  await cems.sendRaw('{"ts":"2026-');
  await cems.sendRaw(Buffer.from([0xff, 0xfe, 0x00]));

  const dead = sent.refused.length + sent.farFuture.length + 2;
  const stored = 60 + sent.good.length + sent.revised.length + sent.late.length;
  const received = stored + sent.repeated.length + dead + sent.future.length;
  const expected: Counts = {
    received,
    stored,
    repeats: sent.repeated.length,
    revisions: sent.revised.length,
    dead,
    held: sent.future.length,
  };
  // A report that differs from an earlier one is looked up in the log first; until then it is held.
  const counted = await until(counts, ({ held }) => held === expected.held, 30_000);
  expect(counted).toEqual(expected);
  expect(counted.stored + counted.repeats + counted.dead + counted.held).toBe(counted.received);
});

it('lists what it did not take in, with reason and payload', async () => {
  const letters = await listAll<{ reason: string; state: string; payload: string }>(system, '/api/v1/dead-letters');
  const reasons = letters.map(({ reason, state }) => `${reason} ${state}`).sort();
  expect(reasons).toEqual(
    [
      ...['clock-future quarantined', 'clock-future quarantined', 'clock-far-future kept'],
      ...[
        'signal-unknown kept',
        'value-kind-wrong kept',
        'report-invalid kept',
        'instant-invalid kept',
        'report-invalid kept',
      ],
      ...['payload-not-json kept', 'payload-not-utf8 kept'],
    ].sort(),
  );
  expect(letters.map(({ payload }) => payload)).toContain('{"ts":"2026-');
});

it('stays balanced over a restart', { timeout: 120_000 }, async () => {
  const before = await counts();
  await system.kill();
  system = await startSystem(join(folder, 'data'), ['--insecure']);
  expect(await counts()).toEqual(before);
});
