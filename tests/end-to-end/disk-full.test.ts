/** The disk is full: nothing is acknowledged that is not kept, everybody is told, and it goes on by itself when there is room. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LogRecord } from '../../contracts/log-record.ts';
import { temporaryFolder } from '../ports/sqlite-folder.ts';
import { SMALL_DISKS } from '../support/small-disk.ts';
import { commandBuilt, runCommand, type Outcome } from './built-command.ts';
import { asLines, standingContent } from './finding-content.ts';
import { KILL_REGISTRY, killStream, type StreamStep } from './kill-stream.ts';
import { createOutbox, reportKey } from './outbox.ts';
import { parseLines, readFindings } from './practice-reports.ts';
import { caughtUp, listFindings, readMetrics, startSystem, until, type RunningSystem } from './running-system.ts';

const MINUTES = 540;
const SEED = 20_261_125;
const steps = killStream(MINUTES, SEED);

beforeAll(commandBuilt, 300_000);

/** The same reports, each once, as a file that nobody interrupted. */
function writeUndisturbed(path: string, stream: readonly StreamStep[]): void {
  const lines = new Set<string>();
  for (const { device, reports } of stream.flat()) {
    const [site = '', name = ''] = device.split('/');
    for (const report of reports) lines.add(JSON.stringify({ site, device: name, ...(JSON.parse(report) as object) }));
  }
  writeFileSync(path, [...lines].join('\n'));
}

describe.each(SMALL_DISKS)('$name', (disk) => {
  const { folder, remove } = temporaryFolder();
  const small = join(folder, 'small');
  const data = join(small, 'data');
  const at = (name: string): string => join(folder, name);
  const outbox = createOutbox(steps);
  const missing = disk.prepare(small);
  let system: RunningSystem | undefined;

  const start = async (): Promise<RunningSystem> => {
    const args = ['--insecure', '--registry', at('registry.yaml'), '--config', at('config.yaml')];
    system = await startSystem(data, args);
    return system;
  };
  const pid = (): number => system?.child.pid ?? 0;
  /** Sends until the line breaks or `enough` is true of what was acknowledged. */
  const send = async (enough: (acknowledged: number) => boolean): Promise<void> => {
    let acknowledged = 0;
    const running = system as RunningSystem;
    const stopped = new Error('enough');
    await outbox
      .sendTo(running.ready.mqttUrl, () => {
        acknowledged += 1;
        if (enough(acknowledged)) throw stopped;
      })
      .catch((error: unknown) => {
        if (error !== stopped) throw error;
      });
  };
  const readiness = async (): Promise<{ status: number; text: string }> =>
    (system as RunningSystem).ask('/health/ready');
  /** Sends until storage refuses: what was on the way then has no PUBACK and its connection is closed. */
  const sendUntilRefused = async (): Promise<void> => {
    await until(
      async () => {
        await send(() => false);
        return (await readiness()).status;
      },
      (status) => status === 503,
      120_000,
    );
  };
  const command = (...args: string[]): Promise<Outcome> => runCommand([...args, '--data', data]);

  beforeAll(async () => {
    writeFileSync(at('registry.yaml'), KILL_REGISTRY);
    writeFileSync(at('config.yaml'), 'storageRefusalSeconds: 2\n');
    if (missing !== undefined) return;
    await start();
    await send((count) => count === 600);
  }, 300_000);
  afterAll(async () => {
    await system?.stop();
    if (missing === undefined) disk.remove(small);
    remove();
  });

  it('full: refuses and says so', { timeout: 240_000 }, async (context) => {
    if (missing !== undefined) return context.skip(missing);
    disk.fill(small, pid());
    await sendUntilRefused();
    expect(outbox.isEmpty()).toBe(false);
    const { status, text } = await readiness();
    expect(status).toBe(503);
    expect(text).toMatch(
      /"name":"store","ok":false,"detail":"Cannot (append to|store findings in) .*stackwarden\.db: /,
    );
    const metrics = await readMetrics(system as RunningSystem);
    expect(metrics.get('stackwarden_store_refuses')).toBe(1);
    expect(metrics.get('stackwarden_ingest_unacknowledged_total')).toBeGreaterThan(0);
    const { stderr } = system as RunningSystem;
    expect(stderr()).toMatch(/"level":50.*"msg":"store\.refuses"/);
    expect(stderr()).toMatch(/refused-storage/);
    const doctor = await command('doctor', '--quick');
    expect(doctor.code).toBe(1);
    expect(doctor.stdout).toMatch(/WRONG {2}server .*answers 503: store: Cannot/);
  });

  it(
    'full: credentials and backups are refused with 73, and leave nothing half',
    { timeout: 120_000 },
    async (context) => {
      if (missing !== undefined) return context.skip(missing);
      if (!disk.isReal) return context.skip('only this process is kept from writing');
      const added = await command('credentials', 'add', 'works-a/cems-1');
      expect(added).toMatchObject({ code: 73, stdout: '' });
      expect(added.stderr).toMatch(/Free space on this disk/);
      expect((await command('credentials', 'list')).stdout).toBe('');
      const here = await command('backup', join(small, 'backup'));
      expect(here).toMatchObject({ code: 73, stdout: '' });
      expect(readdirSync(join(small, 'backup'))).toEqual([]);
      const elsewhere = await command('backup', at('elsewhere'));
      expect(elsewhere).toMatchObject({ code: 0, stderr: '' });
      expect((await command('doctor', '--quick')).stdout).toMatch(/WRONG {2}disk .*free at least 2\.0 GiB/);
    },
  );

  it('full: is killed there, and starts no worse', { timeout: 120_000 }, async (context) => {
    if (missing !== undefined) return context.skip(missing);
    await (system as RunningSystem).kill();
    if (disk.isReal) {
      const args = ['start', '--http', '0', '--mqtt', '0', '--insecure'];
      const again = await command(...args);
      expect(again.code).toBe(73);
      expect(again.stderr).toMatch(/database or disk is full/);
      disk.free(small, 0);
    }
    await start();
    await send((count) => count === 300);
    disk.fill(small, pid());
    await sendUntilRefused();
  });

  it('with room again: goes on by itself, before anybody sends', { timeout: 120_000 }, async (context) => {
    if (missing !== undefined) return context.skip(missing);
    disk.free(small, pid());
    const { status } = await until(readiness, (answer) => answer.status === 200, 30_000);
    expect(status).toBe(200);
    expect((system as RunningSystem).stderr()).toMatch(/"msg":"store\.takes-again"/);
    await send(() => false);
    expect(outbox.isEmpty()).toBe(true);
    await caughtUp(system as RunningSystem);
  });

  it(
    'has lost nothing that was acknowledged, and found what its log and an undisturbed run find',
    { timeout: 300_000 },
    async (context) => {
      if (missing !== undefined) return context.skip(missing);
      const replayed = async (): Promise<readonly string[]> => {
        expect(await command('export', '--log', at('log.ndjson.gz'))).toMatchObject({ code: 0 });
        const args = ['replay', '--log', at('log.ndjson.gz'), '--findings', at('oracle.ndjson')];
        expect(await runCommand(args)).toMatchObject({ code: 0 });
        return asLines(readFindings(at('oracle.ndjson')));
      };
      const both = async (): Promise<{ shown: readonly string[]; oracle: readonly string[] }> => ({
        oracle: await replayed(),
        shown: asLines(await listFindings(system as RunningSystem)),
      });
      const { shown, oracle } = await until(both, (pair) => isDeepStrictEqual(pair.shown, pair.oracle), 60_000);
      expect(shown).toEqual(oracle);
      const logged = new Map<string, number>();
      for (const record of parseLines<LogRecord>(gunzipSync(readFileSync(at('log.ndjson.gz'))).toString('utf8'))) {
        if (record.kind !== 'report') continue;
        const key = reportKey(`${record.site}/${record.device}`, record.body);
        logged.set(key, (logged.get(key) ?? 0) + 1);
      }
      expect([...outbox.acknowledged].filter(([key, count]) => (logged.get(key) ?? 0) < count)).toEqual([]);
      writeUndisturbed(at('undisturbed.ndjson'), steps);
      const files = ['--registry', at('registry.yaml'), '--reports', at('undisturbed.ndjson')];
      expect(await runCommand(['replay', ...files, '--findings', at('undisturbed.found')])).toMatchObject({ code: 0 });
      expect(standingContent(await listFindings(system as RunningSystem))).toEqual(
        standingContent(readFindings(at('undisturbed.found'))),
      );
      const { stdout } = await command('doctor');
      expect(stdout).toMatch(/ok {5}database .* is sound/);
    },
  );
});
