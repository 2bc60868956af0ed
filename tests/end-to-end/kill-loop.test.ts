/** kill -9, again and again, while devices send: nothing acknowledged is lost, and every finding is there once. */
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { LogRecord } from '../../contracts/log-record.ts';
import { temporaryFolder } from '../ports/sqlite-folder.ts';
import { recordResult } from '../support/reliability-page.ts';
import { createRandom } from '../support/seeded-random.ts';
import { commandBuilt, runCommand, spawnCommand } from './built-command.ts';
import { asLines, standingContent } from './finding-content.ts';
import { KILL_REGISTRY, killStream, type StreamStep } from './kill-stream.ts';
import { createOutbox, reportKey } from './outbox.ts';
import { parseLines, readFindings } from './practice-reports.ts';
import { caughtUp, listFindings, readMetrics, startSystem, until, type RunningSystem } from './running-system.ts';

const CYCLES = Number(process.env['STACKWARDEN_TEST_KILL_CYCLES'] ?? 50);
const MINUTES_A_CYCLE = 12;
/** As long as every pattern of the stream takes, with few kills too. */
const SHORTEST_MINUTES = 540;
const SEED = 20_261_123;
const { folder, remove } = temporaryFolder();
const at = (name: string): string => join(folder, name);
const random = createRandom(SEED);
const steps = killStream(Math.max(SHORTEST_MINUTES, CYCLES * MINUTES_A_CYCLE), SEED);
const data = at('folder');
const startArguments = ['--insecure', '--registry', at('registry.yaml')];

const outbox = createOutbox(steps);
const readyAfterMs: number[] = [];
let system: RunningSystem;
let killsMs = 0;

/** Killed somewhere in its start, where it migrates, reads its state and makes its files. */
async function killWhileStarting(): Promise<void> {
  const child = spawnCommand(['start', '--json', '--http', '0', '--mqtt', '0', '--data', data, ...startArguments]);
  const gone = once(child, 'exit');
  await Promise.race([pause(200 + random.below(1_200)), gone]);
  child.kill('SIGKILL');
  await gone;
}

/** Killed after so many acknowledgements, with what is on the way just then. */
async function killWhileSending(acknowledgements: number): Promise<void> {
  const running = await startSystem(data, startArguments);
  readyAfterMs.push(running.readyAfterMs);
  let left = acknowledgements;
  await outbox.sendTo(running.ready.mqttUrl, () => {
    left -= 1;
    if (left === 0) running.child.kill('SIGKILL');
  });
  await running.kill();
}

/** How often each report stands in the log. */
function countLogged(): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const log = gunzipSync(readFileSync(at('log.ndjson.gz'))).toString('utf8');
  for (const record of parseLines<LogRecord>(log)) {
    if (record.kind !== 'report') continue;
    const key = reportKey(`${record.site}/${record.device}`, record.body);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

async function replayLog(): Promise<readonly string[]> {
  expect(await runCommand(['export', '--data', data, '--log', at('log.ndjson.gz')])).toMatchObject({ code: 0 });
  const args = ['replay', '--log', at('log.ndjson.gz'), '--findings', at('oracle.ndjson')];
  expect(await runCommand(args)).toMatchObject({ code: 0 });
  return asLines(readFindings(at('oracle.ndjson')));
}

/** The same reports, each once, as a file that nobody interrupted. */
function writeUndisturbed(stream: readonly StreamStep[]): void {
  const lines = new Set<string>();
  for (const { device, reports } of stream.flat()) {
    const [site = '', name = ''] = device.split('/');
    for (const report of reports) lines.add(JSON.stringify({ site, device: name, ...(JSON.parse(report) as object) }));
  }
  writeFileSync(at('undisturbed.ndjson'), [...lines].join('\n'));
}

beforeAll(
  async () => {
    await commandBuilt();
    writeFileSync(at('registry.yaml'), KILL_REGISTRY);
    const beganAt = performance.now();
    for (let cycle = 1; cycle <= CYCLES; cycle += 1) {
      if (random.below(5) === 0) await killWhileStarting();
      else await killWhileSending(1 + random.below(2 * 7 * MINUTES_A_CYCLE));
    }
    killsMs = performance.now() - beganAt;
    system = await startSystem(data, startArguments);
    await outbox.sendTo(system.ready.mqttUrl, () => undefined);
    await caughtUp(system);
  },
  300_000 + CYCLES * 6_000,
);

/** Tests that held; the figures of a run in which one did not are not kept. */
let held = 0;
const TESTS = 5;

afterAll(async () => {
  await (system as RunningSystem | undefined)?.stop();
  remove();
  if (held < TESTS) return;
  const acknowledged = [...outbox.acknowledged.values()].reduce((sum, times) => sum + times, 0);
  const sorted = [...readyAfterMs].sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  recordResult('kill -9 while devices send', `npm run test:kill`, {
    counts: `${CYCLES} kills, ${acknowledged} reports acknowledged`,
    result:
      `0 lost, 0 invented, findings byte for byte those of the log and of an undisturbed run; ` +
      `ready again after ${median.toFixed(0)} ms (median), ${(sorted.at(-1) ?? Number.NaN).toFixed(0)} ms (longest)`,
  });
});

it(`acknowledges nothing in ${CYCLES} kills that is not in the log`, async () => {
  expect(outbox.isEmpty()).toBe(true);
  await replayLog();
  const logged = countLogged();
  const lost = [...outbox.acknowledged].filter(([key, count]) => (logged.get(key) ?? 0) < count);
  const invented = [...logged].filter(([key, count]) => count > (outbox.sent.get(key) ?? 0));
  expect({ lost, invented }).toEqual({ lost: [], invented: [] });
  expect([...logged.keys()].sort()).toEqual([...outbox.acknowledged.keys()].sort());
  held += 1;
});

it('is ready again soon after each of them', () => {
  const sorted = [...readyAfterMs].sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  process.stdout.write(
    `${CYCLES} kills in ${(killsMs / 1_000).toFixed(0)} s, ready after ${median.toFixed(0)} ms (median), ` +
      `${(sorted.at(-1) ?? Number.NaN).toFixed(0)} ms (longest)\n`,
  );
  // A loaded machine takes several times as long as an idle one; a start that reads everything again takes for ever.
  expect(median).toBeLessThan(10_000);
  held += 1;
});

it('shows the findings that its log makes, byte for byte', { timeout: 200_000 }, async () => {
  // The last late reports are gathered for some seconds before their site is read again.
  const pair = async (): Promise<{ shown: readonly string[]; oracle: readonly string[] }> => ({
    oracle: await replayLog(),
    shown: asLines(await listFindings(system)),
  });
  const { shown, oracle } = await until(pair, (both) => isDeepStrictEqual(both.shown, both.oracle), 60_000);
  expect(shown).toEqual(oracle);
  held += 1;
});

it('finds what an undisturbed run finds', { timeout: 200_000 }, async () => {
  writeUndisturbed(steps);
  const files = ['--registry', at('registry.yaml'), '--reports', at('undisturbed.ndjson')];
  expect(await runCommand(['replay', ...files, '--findings', at('undisturbed.found')])).toMatchObject({ code: 0 });
  const expected = readFindings(at('undisturbed.found'));
  const rules = ['falsification.frozen', 'limit.hour', 'order.shutdown', 'treatment.off'];
  expect([...new Set(expected.map(({ rule }) => rule))]).toEqual(expect.arrayContaining(rules));
  expect(standingContent(await listFindings(system))).toEqual(standingContent(expected));
  held += 1;
});

it('counts every record of the log once', async () => {
  const metrics = await readMetrics(system);
  const count = (name: string): number => metrics.get(`stackwarden_detect_${name}`) ?? 0;
  const logged = [...countLogged().values()].reduce((sum, times) => sum + times, 0);
  expect(count('received_total')).toBe(logged);
  expect(count('stored_total')).toBe(countLogged().size);
  expect(count('stored_total') + count('repeats_total') + count('dead_letters_total') + count('held')).toBe(logged);
  held += 1;
});
