/** `backup` while devices send, `restore` into a new folder, and on: nothing half, nothing twice, nothing else found. */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { temporaryFolder } from '../ports/sqlite-folder.ts';
import { commandBuilt, runCommand } from './built-command.ts';
import { asLines, standingContent } from './finding-content.ts';
import { KILL_REGISTRY, killStream } from './kill-stream.ts';
import { createOutbox } from './outbox.ts';
import { readFindings } from './practice-reports.ts';
import { caughtUp, listAll, listFindings, startSystem, until, type RunningSystem } from './running-system.ts';

const MINUTES = 540;
/** As long as the backup is being made, so many more are sent. */
const BEFORE = 330;
const SEED = 20_261_124;
const { folder, remove } = temporaryFolder();
const at = (name: string): string => join(folder, name);
const steps = killStream(MINUTES, SEED);
const startArguments = ['--insecure', '--registry', at('registry.yaml')];

interface Made {
  readonly backup: string;
  readonly log: { readonly first: number; readonly next: number };
  readonly files: readonly { readonly name: string }[];
}

let original: RunningSystem | undefined;
let restored: RunningSystem | undefined;
let made: Made;
/** Reports acknowledged while the backup was made. */
let during = 0;

async function exportLog(data: string, name: string): Promise<readonly string[]> {
  expect(await runCommand(['export', '--data', data, '--log', at(name)])).toMatchObject({ code: 0 });
  return gunzipSync(readFileSync(at(name)))
    .toString('utf8')
    .trimEnd()
    .split('\n');
}

async function replayLog(name: string): Promise<readonly string[]> {
  const args = ['replay', '--log', at(name), '--findings', at(`${name}.findings`)];
  expect(await runCommand(args)).toMatchObject({ code: 0 });
  return asLines(readFindings(at(`${name}.findings`)));
}

beforeAll(async () => {
  await commandBuilt();
  writeFileSync(at('registry.yaml'), KILL_REGISTRY);
  original = await startSystem(at('data'), startArguments);
  await createOutbox(steps.slice(0, BEFORE)).sendTo(original.ready.mqttUrl, () => undefined);
  const rest = createOutbox(steps.slice(BEFORE));
  let isMaking = true;
  const sending = rest.sendTo(original.ready.mqttUrl, () => {
    if (isMaking) during += 1;
  });
  const outcome = await runCommand(['backup', at('backup'), '--data', at('data'), '--json']);
  isMaking = false;
  expect(outcome).toMatchObject({ code: 0, stderr: '' });
  made = JSON.parse(outcome.stdout) as Made;
  await sending;
  expect(rest.isEmpty()).toBe(true);
  await caughtUp(original);
}, 400_000);
afterAll(async () => {
  await original?.stop();
  await restored?.stop();
  remove();
});

it('answers devices while it is made', () => {
  expect(during).toBeGreaterThan(0);
  expect(made.files.map(({ name }) => name)).toEqual(['stackwarden.db', 'credentials.db']);
  for (const name of readdirSync(at('backup'))) expect(statSync(at(`backup/${name}`)).mode & 0o077).toBe(0);
});

it('is refused into the folder in use, into the folder of a running system, and restored into a new one', async () => {
  const again = await runCommand(['backup', at('backup'), '--data', at('data')]);
  expect(again).toMatchObject({ code: 73, stdout: '' });
  const running = await runCommand(['restore', at('backup'), '--data', at('data'), '--force']);
  expect(running).toMatchObject({ code: 75, stdout: '' });
  const into = await runCommand(['restore', at('backup'), '--data', at('restored')]);
  expect(into).toMatchObject({ code: 0, stderr: '' });
  expect(into.stdout).toMatch(/restored .*\nmade .*\nlog +records 0 to \d+ \(exclusive\), last received .*\n/);
});

it('holds the log up to its offset, byte for byte', { timeout: 120_000 }, async () => {
  const whole = await exportLog(at('data'), 'whole.ndjson.gz');
  const kept = await exportLog(at('restored'), 'kept.ndjson.gz');
  expect(kept).toHaveLength(made.log.next);
  expect(kept).toEqual(whole.slice(0, kept.length));
  expect(kept.length).toBeLessThan(whole.length);
});

it('shows what its log makes, byte for byte, and then what the original shows', { timeout: 300_000 }, async () => {
  restored = await startSystem(at('restored'), ['--insecure']);
  const system = restored;
  await caughtUp(system);
  const both = async (): Promise<{ shown: readonly string[]; oracle: readonly string[] }> => {
    await exportLog(at('restored'), 'now.ndjson.gz');
    return { oracle: await replayLog('now.ndjson.gz'), shown: asLines(await listFindings(system)) };
  };
  const { shown, oracle } = await until(both, (pair) => isDeepStrictEqual(pair.shown, pair.oracle), 60_000);
  expect(shown).toEqual(oracle);
  // Devices send again what they are not sure of: here everything. What is in the backup is repeated, the rest is new.
  const everything = createOutbox(steps);
  await everything.sendTo(system.ready.mqttUrl, () => undefined);
  await caughtUp(system);
  const same = async (): Promise<boolean> =>
    isDeepStrictEqual(
      standingContent(await listFindings(system)),
      standingContent(await listFindings(original as RunningSystem)),
    );
  expect(await until(same, (isSame) => isSame, 60_000)).toBe(true);
  const ids = (await listFindings(system)).map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const means = (of: RunningSystem): Promise<readonly object[]> =>
    listAll<object>(of, '/api/v1/means?site=works-a&from=2026-02-02T00:00:00%2B08:00&to=2026-02-02T08:00:00%2B08:00');
  expect(await means(system)).toEqual(await means(original as RunningSystem));
});

it('says which file of a damaged backup is wrong, and leaves the data alone', async () => {
  mkdirSync(at('bad'));
  for (const name of readdirSync(at('backup'))) writeFileSync(at(`bad/${name}`), readFileSync(at(`backup/${name}`)));
  const bytes = readFileSync(at('bad/stackwarden.db'));
  bytes[100_000] = (bytes[100_000] ?? 0) ^ 1;
  writeFileSync(at('bad/stackwarden.db'), bytes);
  const outcome = await runCommand(['restore', at('bad'), '--data', at('fresh')]);
  expect(outcome).toMatchObject({ code: 1, stdout: '' });
  expect(outcome.stderr).toMatch(/The backup .*bad is damaged: stackwarden\.db has another checksum/);
  expect(existsSync(at('fresh'))).toBe(false);
});
