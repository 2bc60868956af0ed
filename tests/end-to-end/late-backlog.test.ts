/** A monitor's line is down for two hours; then its backlog arrives: what was found without it is put right. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { temporaryFolder } from '../ports/sqlite-folder.ts';
import { commandBuilt, runCommand } from './built-command.ts';
import { sendStored } from './device-line.ts';
import { standingContent } from './finding-content.ts';
import { KILL_REGISTRY } from './kill-stream.ts';
import { readFindings, type PracticeReport } from './practice-reports.ts';
import { caughtUp, listFindings, startSystem, until, type RunningSystem } from './running-system.ts';

const MINUTE_MS = 60_000;
const HOURS = 8;
const BEGIN = Date.parse('2026-02-02T00:00:00+08:00');
const { folder, remove } = temporaryFolder();
const at = (name: string): string => join(folder, name);
let system: RunningSystem;

/** Kiln and filter run all the time; the filter pauses, and the monitor exceeds from the second to the fifth hour. */
function reportsOf(
  device: string,
  valueAt: (minute: number) => Readonly<Record<string, number>>,
): readonly PracticeReport[] {
  return Array.from({ length: HOURS * 60 }, (_, minute) => {
    const ts = new Date(BEGIN + minute * MINUTE_MS).toISOString();
    return { site: 'works-a', device, ts, period: 'PT1M', values: valueAt(minute) };
  });
}

const hourOf = (minute: number): number => Math.floor(minute / 60);
const monitor = reportsOf('cems-1', (minute) => ({
  nox: (hourOf(minute) >= 1 && hourOf(minute) < 5 ? 110 : 60) + (minute % 9),
}));
const kiln = reportsOf('m-kiln', (minute) => ({ power: 500 + (minute % 11) }));
const filter = reportsOf('m-bag', (minute) => ({ power: minute >= 150 && minute < 190 ? 2 : 60 + (minute % 3) }));
const isAbsent = ({ ts }: PracticeReport): boolean => [2, 3].includes(hourOf((Date.parse(ts) - BEGIN) / MINUTE_MS));
const inOrder = [...monitor, ...kiln, ...filter].sort((a, b) => (a.ts < b.ts ? -1 : a.ts > b.ts ? 1 : 0));

const limitSpans = async (): Promise<readonly string[]> => {
  const found = (await listFindings(system)).filter(
    ({ rule, state }) => rule === 'limit.hour' && state !== 'withdrawn',
  );
  return found.map(({ start, end }) => `${start.slice(11, 16)} ${end?.slice(11, 16) ?? ''}`).sort();
};

beforeAll(async () => {
  await commandBuilt();
  writeFileSync(at('registry.yaml'), KILL_REGISTRY);
  system = await startSystem(at('folder'), ['--insecure', '--registry', at('registry.yaml')]);
}, 300_000);
afterAll(async () => {
  await (system as RunningSystem | undefined)?.stop();
  remove();
});

it('finds two exceedances around the hole', { timeout: 120_000 }, async () => {
  await sendStored(
    system.ready.mqttUrl,
    inOrder.filter((report) => report.device !== 'cems-1' || !isAbsent(report)),
    60,
  );
  await caughtUp(system);
  const spans = ['01:00 02:00', '04:00 05:00'];
  expect(await until(limitSpans, (found) => isDeepStrictEqual(found, spans), 30_000)).toEqual(spans);
});

it('joins them when the backlog is there, and withdraws what no longer holds', { timeout: 120_000 }, async () => {
  await sendStored(system.ready.mqttUrl, monitor.filter(isAbsent), 500);
  const spans = ['01:00 05:00'];
  expect(await until(limitSpans, (found) => isDeepStrictEqual(found, spans), 30_000)).toEqual(spans);
  const withdrawn = (await listFindings(system)).filter(({ state }) => state === 'withdrawn');
  const later = withdrawn.filter(({ rule, start }) => rule === 'limit.hour' && start === '2026-02-02T04:00:00+08:00');
  expect(later).toMatchObject([{ withdrawn: { cause: 'late-data' } }]);
});

it('then stands as if everything had come in order', { timeout: 120_000 }, async () => {
  writeFileSync(at('in-order.ndjson'), inOrder.map((report) => JSON.stringify(report)).join('\n'));
  const args = [
    'replay',
    '--registry',
    at('registry.yaml'),
    '--reports',
    at('in-order.ndjson'),
    '--findings',
    at('found'),
  ];
  expect(await runCommand(args)).toMatchObject({ code: 0 });
  const expected = standingContent(readFindings(at('found')));
  expect(Object.values(expected).map(({ rule }) => rule)).toEqual(
    expect.arrayContaining(['limit.hour', 'treatment.off']),
  );
  expect(standingContent(await listFindings(system))).toEqual(expected);
});
