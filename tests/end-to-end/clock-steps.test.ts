/** The server's clock is set by a day, while it runs and while it does not: time never goes back, and nobody is accused for it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readConfig } from '../../cli/config.ts';
import { startEmbedded, type Embedded } from '../../cli/embedded.ts';
import { loadRegistryFiles } from '../../cli/registry-files.ts';
import type { Finding } from '../../contracts/finding.ts';
import type { LogRecord } from '../../contracts/log-record.ts';
import { temporaryFolder } from '../ports/sqlite-folder.ts';
import { openLine, type DeviceLine } from './device-line.ts';
import { KILL_REGISTRY } from './kill-stream.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const DEVICES = ['cems-1', 'm-kiln', 'm-bag'].flatMap((device) => [`works-a/${device}`, `works-b/${device}`]);
const ABOUT_TIME = new Set(['quality.offline', 'quality.clock']);

/** A machine and its plants: the devices know the time, the machine's clock can be set. Time passes when it is told to. */
class Machine {
  /** True time, epoch ms. */
  time = Date.parse('2026-11-23T08:00:00+08:00');
  shift = 0;
  readonly #bootAt = this.time;
  readonly clock = { wall: () => this.time + this.shift, monotonic: () => this.time - this.#bootAt };
  embedded: Embedded | undefined;
  lines: readonly (readonly [name: string, line: DeviceLine])[] = [];
  readonly events: string[] = [];

  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  async start(): Promise<void> {
    const config = readConfig({ data: this.folder, http: 0, mqtt: 0, insecure: true }, {});
    const logger = pino(
      { level: 'warn' },
      { write: (line) => this.events.push((JSON.parse(line) as { msg: string }).msg) },
    );
    const registryFiles = await loadRegistryFiles(join(this.folder, 'registry.yaml'));
    this.embedded = await startEmbedded({ config, folder: this.folder, logger, registryFiles, clock: this.clock });
    const { url } = this.embedded.mqtt;
    this.lines = await Promise.all(DEVICES.map(async (name) => [name, await openLine(url, name)] as const));
  }

  async stop(): Promise<void> {
    await Promise.all(this.lines.map(([, line]) => line.close()));
    await this.embedded?.stop();
    this.embedded = undefined;
  }

  /** Every device reports each minute, by its own right clock. */
  async run(minutes: number, devicesAheadMs = 0): Promise<void> {
    for (let i = 0; i < minutes; i += 1) {
      this.time += MINUTE_MS;
      const ts = new Date(this.time + devicesAheadMs - 1_000).toISOString();
      const values = (name: string): object =>
        name.endsWith('cems-1') ? { nox: 50 + (i % 7) } : { power: 500 + (i % 9) };
      await Promise.all(this.lines.map(([name, line]) => line.send([{ ts, values: values(name) }])));
    }
  }

  /** Nobody reports; the ticks of the server stand for the time that passes. */
  async beSilent(minutes: number): Promise<void> {
    for (let passed = 0; passed < minutes; passed += 5) {
      this.time += 5 * MINUTE_MS;
      await pause(1_200);
    }
  }

  async log(): Promise<readonly LogRecord[]> {
    const store = this.embedded?.store.store;
    const { next } = (await store?.bounds()) ?? { next: 0 };
    return (await store?.read(0, next)) ?? [];
  }

  async findings(): Promise<readonly Finding[]> {
    const reader = this.embedded?.store.reader;
    while (((await reader?.tally())?.lagRecords ?? 0) > 0) await pause(20);
    return (await reader?.findings({}, { limit: 1_000 }, {}))?.items ?? [];
  }
}

let place: ReturnType<typeof temporaryFolder>;
let machine: Machine;
beforeEach(async () => {
  place = temporaryFolder();
  writeFileSync(join(place.folder, 'registry.yaml'), KILL_REGISTRY);
  machine = new Machine(place.folder);
  await machine.start();
});
afterEach(async () => {
  await machine.stop();
  place.remove();
});

function expectAscending(records: readonly LogRecord[]): void {
  const received = records.map((record) => record.received);
  expect(received).toEqual(received.toSorted((a, b) => a - b));
}

it.each([DAY_MS, -DAY_MS])(
  'a step of %d ms while it runs, and back two hours later',
  { timeout: 120_000 },
  async (stepMs) => {
    await machine.run(90);
    machine.shift = stepMs;
    await machine.run(120);
    machine.shift = 0;
    await machine.run(90);
    const records = await machine.log();
    expectAscending(records);
    const reports = records.filter(({ kind }) => kind === 'report');
    expect(reports).toHaveLength(300 * DEVICES.length);
    // Each is stamped with the time that it was, whatever the clock showed.
    const worst = Math.max(
      ...reports.map((record) =>
        Math.abs(record.received - Date.parse((JSON.parse((record as { body: string }).body) as { ts: string }).ts)),
      ),
    );
    expect(worst).toBeLessThan(2 * MINUTE_MS);
    expect((await machine.findings()).filter(({ rule }) => ABOUT_TIME.has(rule))).toEqual([]);
    expect(machine.events.filter((event) => event.startsWith('clock.step'))).toEqual([
      'clock.step.suspected',
      'clock.step.not-followed',
      'clock.step.taken-back',
    ]);
  },
);

it('the machine sleeps for five hours, and the devices with it: nobody was silent', { timeout: 120_000 }, async () => {
  await machine.run(60);
  // The clock goes on while the processor does not count.
  machine.shift = 5 * HOUR_MS;
  await machine.run(5, 5 * HOUR_MS);
  const records = await machine.log();
  expectAscending(records);
  expect(records.some((record) => record.kind === 'tick' && record.restarted === true)).toBe(true);
  expect(machine.events).toContain('clock.step.followed');
  expect((await machine.findings()).filter(({ rule }) => ABOUT_TIME.has(rule))).toEqual([]);
});

it(
  'was set back by a day over a restart: the log goes on from its end, and the devices say what time it is',
  { timeout: 120_000 },
  async () => {
    await machine.run(60);
    await machine.stop();
    machine.shift = -DAY_MS;
    await machine.start();
    await machine.run(90);
    expectAscending(await machine.log());
    expect((await machine.findings()).filter(({ rule }) => ABOUT_TIME.has(rule))).toEqual([]);
    expect(machine.events).toContain('clock.step.not-followed');
  },
);

it(
  'was put right by a day over a restart: time passes at half its speed, ticks among it, and silence is still noticed',
  { timeout: 180_000 },
  async () => {
    await machine.stop();
    machine.shift = DAY_MS;
    await machine.start();
    await machine.run(30);
    await machine.stop();
    machine.shift = 0;
    await machine.start();
    const before = (await machine.log()).at(-1)?.received ?? 0;
    await machine.run(30);
    const records = await machine.log();
    expectAscending(records);
    const passed = (records.at(-1)?.received ?? 0) - before;
    expect(passed).toBeGreaterThan(14 * MINUTE_MS);
    expect(passed).toBeLessThan(17 * MINUTE_MS);
    await machine.beSilent(60);
    expect((await machine.log()).slice(records.length).some(({ kind }) => kind === 'tick')).toBe(true);
    const silent = (await machine.findings()).filter(({ rule }) => rule === 'quality.offline');
    expect(silent).toHaveLength(DEVICES.length);
  },
);
