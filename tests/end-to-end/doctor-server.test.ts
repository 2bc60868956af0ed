/** What the doctor says of the process that has the folder: its answer, its silence, its open files; and of none. */
import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runDoctor } from '../../cli/commands/doctor.ts';
import { readConfig } from '../../cli/config.ts';
import type { Check } from '../../cli/doctor/check.ts';
import { checkOpenFiles } from '../../cli/doctor/machine-checks.ts';
import { commandBuilt, runCommand } from './built-command.ts';
import { startSystem } from './running-system.ts';
import { gone, startChild } from '../ports/child.ts';
import { temporaryFolder } from '../ports/sqlite-folder.ts';

let place: ReturnType<typeof temporaryFolder>;
let folder: string;
beforeEach(() => {
  place = temporaryFolder();
  folder = join(place.folder, 'data');
});
afterEach(() => {
  place.remove();
});

async function said(name: string): Promise<Check | undefined> {
  let text = '';
  const config = readConfig({ data: folder, http: 0, mqtt: 0, connections: 100 }, {});
  const options = { quick: true, acceptLoss: false, json: true };
  await runDoctor(config, options, { write: (part) => void (text += part) });
  return (JSON.parse(text) as Check[]).find((one) => one.name === name);
}

const NOT_RUNNING = { name: 'server', ok: true, detail: 'not running' };

describe('the doctor, asked for the server', () => {
  it('says so where none runs: in no folder, after a clean stop, and after a kill', { timeout: 300_000 }, async () => {
    await commandBuilt();
    expect(await said('server')).toEqual(NOT_RUNNING);
    const first = await startSystem(folder);
    expect(await said('server')).toEqual({ name: 'server', ok: true, detail: 'answers 200' });
    expect((await first.stop()).code).toBe(0);
    expect(existsSync(join(folder, 'stackwarden.pid'))).toBe(true);
    expect(await said('server')).toEqual(NOT_RUNNING);
    const second = await startSystem(folder);
    await second.kill();
    expect(existsSync(join(folder, 'server.json'))).toBe(true);
    expect(await said('server')).toEqual(NOT_RUNNING);
    const { stdout } = await runCommand(['doctor', '--data', folder, '--http', '0', '--mqtt', '0', '--quick']);
    expect(stdout).toMatch(/^ok {5}server {4}not running$/m);
  });

  it('names the process that has the folder and does not answer', async () => {
    const { child, lines } = startChild('locking-child.ts', folder);
    for await (const line of lines) if (line === 'locked') break;
    const server = await said('server');
    expect(server?.ok).toBe(false);
    expect(server?.detail).toContain(`process ${String(child.pid)} has the folder and does not answer`);
    expect(server?.remedy).toContain(`end process ${String(child.pid)}`);
    expect((await said('files'))?.detail).toContain(`the running server (process ${String(child.pid)})`);
    child.kill('SIGKILL');
    await gone(child);
    expect(await said('server')).toEqual(NOT_RUNNING);
    expect((await said('files'))?.detail).toContain('a process started from here');
  });

  it('names a lock file that is none', async () => {
    folder = place.folder;
    writeFileSync(join(folder, 'stackwarden.lock'), 'no database at all, however long it may be. '.repeat(100));
    const server = await said('server');
    expect(server?.ok).toBe(false);
    expect(server?.detail).toContain('stackwarden.lock');
  });
});

const hasLimits = existsSync('/proc/self/limits');

describe('the doctor, asked for open files', () => {
  const limitOfThis = Number(
    execFileSync('sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' }).replace('unlimited', 'Infinity'),
  );

  it('holds the limit against the setting, with room for what is no connection', () => {
    expect(checkOpenFiles(undefined, 100)).toMatchObject({ name: 'files', ok: true });
    if (!Number.isFinite(limitOfThis)) return;
    expect(checkOpenFiles(undefined, limitOfThis - 200).ok).toBe(true);
    expect(checkOpenFiles(undefined, limitOfThis - 199).ok).toBe(!hasLimits);
  });

  it('reads the limit of the running server, not its own', { timeout: 60_000 }, async (context) => {
    if (!hasLimits) context.skip('this system has no /proc/PID/limits');
    const { child, lines } = startChild('locking-child.ts', folder);
    for await (const line of lines) if (line === 'locked') break;
    execFileSync('prlimit', ['--pid', String(child.pid), '--nofile=256:256']);
    const { ok, detail, remedy } = checkOpenFiles(child.pid, 20_000);
    expect([ok, detail]).toEqual([
      false,
      `the running server (process ${String(child.pid)}) may open 256 files; ` +
        '20000 MQTT connections (the setting `connections`) need 20200',
    ]);
    expect(remedy).toMatch(/LimitNOFILE=.*`connections`/);
    expect(checkOpenFiles(child.pid, 50).ok).toBe(true);
    child.kill('SIGKILL');
    await gone(child);
  });
});
