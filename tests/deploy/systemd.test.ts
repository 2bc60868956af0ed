/** The units are held against systemd's own check, the environment that they get against the settings there are. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, describe, it, onTestFinished } from 'vitest';
import { readConfig } from '../../cli/config.ts';
import { findProgram } from '../../deploy/native/missing-server.mjs';
import { temporaryFolder } from '../ports/sqlite-folder.ts';

const FOLDER = join(import.meta.dirname, '../../deploy/systemd');
const units = readdirSync(FOLDER).filter((name) => /\.(service|target)$/.test(name));
const stages = units.filter((name) => name.startsWith('stackwarden-'));
const read = (name: string): string => readFileSync(join(FOLDER, name), 'utf8');

/** A setting of a unit, the last where there are several. */
const setting = (unit: string, name: string): string =>
  [...unit.matchAll(new RegExp(`^${name}=(.*)$`, 'gm'))].at(-1)?.[1] ?? '';

it('has a unit for each stage', () => {
  expect(stages.map((name) => setting(read(name), 'ExecStart').split(' ')[2]).sort()).toEqual([
    'api',
    'detect',
    'ingest',
    'series',
  ]);
});

it('systemd-analyze verify has nothing to say', (context) => {
  if (findProgram('systemd-analyze') === undefined) context.skip('no systemd-analyze: apt-get install systemd');
  const { folder, remove } = temporaryFolder();
  onTestFinished(remove);
  mkdirSync(join(folder, 'units'));
  for (const name of units) {
    // It looks for the program too, which is not installed here.
    const text = read(name).replaceAll('/usr/bin/node', process.execPath);
    writeFileSync(join(folder, 'units', name), text);
  }
  for (const name of stages.filter((unit) => unit.includes('@'))) {
    copyFileSync(join(folder, 'units', name), join(folder, 'units', name.replace('@', '@1')));
  }
  const paths = readdirSync(join(folder, 'units'))
    .filter((name) => !name.includes('@.'))
    .map((name) => join(folder, 'units', name));
  const args = ['verify', '--man=no', '--recursive-errors=no', ...paths];
  const { status, stdout, stderr } = spawnSync('systemd-analyze', args, { encoding: 'utf8' });
  const ours = (stdout + stderr).split('\n').filter((line) => line.includes('stackwarden'));
  expect([status, ours]).toEqual([0, []]);
});

describe.each(stages)('%s', (name) => {
  const unit = read(name);

  it('is hardened as the unit of the one process is', () => {
    const embedded = read('stackwarden.service');
    const hardening = embedded.slice(embedded.indexOf('NoNewPrivileges='), embedded.indexOf('\n[Install]'));
    expect(hardening.length).toBeGreaterThan(500);
    expect(unit).toContain(hardening.trimEnd());
  });

  it('gives Kafka its threads, restarts on what may pass, and ends before it is killed', () => {
    expect(unit).toMatch(/^Environment=.*\bUV_THREADPOOL_SIZE=16\b/m);
    expect(setting(unit, 'Restart')).toBe('on-failure');
    expect(setting(unit, 'RestartPreventExitStatus')).toBe('1 2 78');
    expect(setting(unit, 'StartLimitIntervalSec')).toBe('0');
    expect(Number(setting(unit, 'TimeoutStopSec'))).toBeGreaterThan(10);
  });

  it('runs with the environment of the example', () => {
    const lines = read('stackwarden.env.example').split('\n');
    const assigned = lines.flatMap((line) => {
      const [, key, value] = /^#?([A-Z_]+)=(.*)$/.exec(line) ?? [];
      return key === undefined || value === undefined ? [] : [[key, value] as const];
    });
    const { folder, remove } = temporaryFolder();
    onTestFinished(remove);
    const token = join(folder, basename('token'));
    writeFileSync(token, 'token\n');
    const environment = {
      ...Object.fromEntries(assigned),
      STACKWARDEN_INFLUX_TOKEN_FILE: token,
      STACKWARDEN_KAFKA_PASSWORD_FILE: token,
    };
    expect(readConfig({}, environment)).toMatchObject({
      log: 'kafka',
      series: 'influx',
      kafkaReplicas: 3,
      kafkaSasl: 'scram-sha-512',
      influxToken: 'token',
    });
    const ports = [...setting(unit, 'ExecStart').matchAll(/\$\{(\w+)\}/g)].map(([, port = '']) => port);
    const known = [...Object.keys(environment), ...(name.includes('@') ? ['MQTT_PORT', 'HTTP_PORT'] : [])];
    for (const port of ports) expect(known).toContain(port);
  });
});
