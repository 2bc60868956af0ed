/** `deploy/native/up` and `down`: what is there comes up, what is not is named, and nothing is left afterwards. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findProgram } from '../../deploy/native/missing-server.mjs';
import type { RunState } from '../../deploy/native/run-state.mjs';
import { beginningOf } from '../../deploy/native/server-process.mjs';
import { gone } from '../ports/child.ts';

const NATIVE = join(import.meta.dirname, '../../deploy/native');

let folder: string;
let stateFile: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stackwarden-native-test-'));
  mkdirSync(join(folder, 'tmp'));
  stateFile = join(folder, 'servers.json');
});
afterEach(() => {
  native('down');
  rmSync(folder, { recursive: true });
});

interface Said {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * A cache and a folder for temporary files of its own, and nothing that this machine happens to have set: the sum of
 * a real influxd, say, that a pretended one does not have.
 */
function ownEnvironment(more: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return {
    PATH: process.env['PATH'],
    TMPDIR: join(folder, 'tmp'),
    STACKWARDEN_NATIVE_HOME: join(folder, 'cache'),
    ...more,
  };
}

function native(script: 'up' | 'down', args: readonly string[] = [], more: NodeJS.ProcessEnv = {}): Said {
  return spawnSync(join(NATIVE, script), [...args, '--state', stateFile], {
    encoding: 'utf8',
    env: ownEnvironment(more),
    timeout: 60_000,
  });
}

/** `up` that goes on beside the test. `ended` is what it said, where it has come to its end. */
function nativeUpBeside(kind: string, more: NodeJS.ProcessEnv): { child: ChildProcess; ended(): string | undefined } {
  const words = join(folder, 'up.log');
  const output = openSync(words, 'w');
  const child = spawn(join(NATIVE, 'up'), [kind, '--state', stateFile], {
    env: ownEnvironment(more),
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  return { child, ended: () => (hasEnded() ? `up has ended: ${readFileSync(words, 'utf8')}` : undefined) };
}

const readState = (): RunState => JSON.parse(readFileSync(stateFile, 'utf8')) as RunState;

/** What `down` has to have taken away. */
const left = (): readonly string[] => [
  ...readdirSync(join(folder, 'tmp')),
  ...readdirSync(folder).filter((name) => name.startsWith('servers.json')),
];

/** A program in the place of influxd. */
function pretendInflux(script: string): string {
  const file = join(folder, 'influxd');
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return file;
}

describe('on a machine without them', () => {
  /** Node, and what a shell script needs. */
  function barePath(): string {
    const bare = join(folder, 'bare');
    mkdirSync(bare);
    for (const [name, target] of [
      ['node', process.execPath],
      ['bash', '/bin/bash'],
      ['env', '/usr/bin/env'],
      ['dirname', '/usr/bin/dirname'],
    ] as const) {
      writeFileSync(join(bare, name), `#!/bin/sh\nexec ${target} "$@"\n`, { mode: 0o755 });
    }
    return bare;
  }

  it('names each and what to do, and goes on', () => {
    const { status, stdout, stderr } = native('up', ['kafka', 'influx'], { PATH: barePath() });
    expect([status, stdout]).toEqual([0, '']);
    expect(stderr).toContain('without kafka: no Java for Kafka: apt-get install');
    expect(stderr).toContain('without influx: no InfluxDB: set STACKWARDEN_NATIVE_INFLUXD');
    expect(native('down').status).toBe(0);
    expect(left()).toEqual([]);
  });

  it('fails where they are required, and for a name that it does not know', () => {
    expect(native('up', ['influx', '--require'], { PATH: barePath() }).status).toBe(1);
    const { status, stderr } = native('up', ['redis']);
    expect(status).toBe(2);
    expect(stderr).toContain('no such server: redis; there are kafka, influx, mosquitto\nusage: deploy/native/up ');
  });
});

describe('Mosquitto', () => {
  it('comes up once, again after a kill, and goes without a trace', { timeout: 120_000 }, (context) => {
    if (findProgram('mosquitto') === undefined) context.skip('no Mosquitto: apt-get install mosquitto');
    const first = native('up', ['mosquitto', '--require']);
    expect(first.stderr).toContain('mosquitto is up');
    expect(first.stdout).toMatch(/^STACKWARDEN_TEST_MQTT=mqtt:\/\/127[.]0[.]0[.]1:\d+\n$/);
    const [server] = readState().servers;
    expect(readFileSync(join(readState().folder, 'environment'), 'utf8')).toBe(first.stdout);
    expect(native('up', ['mosquitto']).stdout).toBe(first.stdout);
    expect(readState().servers).toEqual([server]);

    process.kill(server!.mark.pid, 'SIGKILL');
    expect(native('up', ['mosquitto']).stdout).toMatch(/^STACKWARDEN_TEST_MQTT=mqtt:/);
    const [second] = readState().servers;
    expect(second!.mark).not.toEqual(server!.mark);
    expect(beginningOf(second!.mark.pid)).toBe(second!.mark.beginning);

    expect(native('down').stderr).toBe('down: mosquitto\n');
    expect([beginningOf(second!.mark.pid), left()]).toEqual([undefined, []]);
    expect(native('down')).toMatchObject({ status: 0, stderr: 'nothing is up\n' });
  });
});

describe('a server that fails', () => {
  it('is told of with its last words, and is gone', () => {
    const influxd = pretendInflux('echo the disk is upside down; exit 3');
    const { status, stdout, stderr } = native('up', ['influx'], { STACKWARDEN_NATIVE_INFLUXD: influxd });
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toContain('influx ended before it answered; its last words:\nthe disk is upside down');
    expect(native('down').status).toBe(0);
    expect(left()).toEqual([]);
  });

  it('is not even started where it is not the one that was meant', () => {
    const influxd = pretendInflux(`touch ${join(folder, 'started')}`);
    const { status, stderr } = native('up', ['influx'], {
      STACKWARDEN_NATIVE_INFLUXD: influxd,
      STACKWARDEN_NATIVE_INFLUXD_SHA256: '0'.repeat(64),
    });
    expect(status).toBe(1);
    expect(stderr).toContain(`the sha256 of ${influxd} is `);
    expect(existsSync(join(folder, 'started'))).toBe(false);
  });
});

describe('down', () => {
  it('finds a server that `up` had not finished with when it was killed', async () => {
    const influxd = pretendInflux(`trap 'exit 0' TERM; while :; do sleep 0.1; done`);
    const { child: up, ended } = nativeUpBeside('influx', { STACKWARDEN_NATIVE_INFLUXD: influxd });
    const hasStarted = (): boolean => existsSync(stateFile) && readState().servers.length === 1;
    await expect.poll(() => ended() !== undefined || hasStarted(), { timeout: 50_000 }).toBe(true);
    expect(ended()).toBeUndefined();
    const [server] = readState().servers;
    expect(native('down').stderr).toContain(`process ${up.pid} is at work`);
    up.kill('SIGKILL');
    await gone(up);
    expect(beginningOf(server!.mark.pid)).toBe(server!.mark.beginning);
    expect(native('down').status).toBe(0);
    expect([beginningOf(server!.mark.pid), left()]).toEqual([undefined, []]);
  });

  it('leaves a process alone that has only the number of one of ours', async (context) => {
    if (!existsSync('/proc/self/stat')) context.skip('this system does not tell when a process began');
    native('up', ['influx'], { STACKWARDEN_NATIVE_INFLUXD: pretendInflux('exit 3') });
    const stranger = spawn('sleep', ['60']);
    const [server] = readState().servers;
    const changed = { ...server, mark: { pid: stranger.pid, beginning: '1' } };
    writeFileSync(stateFile, JSON.stringify({ ...readState(), servers: [changed] }));
    expect(native('down').status).toBe(0);
    expect(beginningOf(stranger.pid ?? 0)).toBeDefined();
    stranger.kill();
    await gone(stranger);
  });

  it('takes no folder away that is not ours', () => {
    const precious = join(folder, 'precious');
    mkdirSync(precious);
    writeFileSync(stateFile, JSON.stringify({ folder: precious, servers: [] }));
    const { status, stderr } = native('down');
    expect([status, existsSync(precious)]).toEqual([1, true]);
    expect(stderr).toContain('which is no folder of ours');
    rmSync(stateFile);
  });
});
