/** What every command ends with, and that each says how it is used. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../ports/sqlite-folder.ts';
import { commandBuilt, runCommand, type Outcome } from './built-command.ts';
import { registryOf, reportsOf } from './practice-reports.ts';
import { startSystem } from './running-system.ts';

const { folder, remove } = temporaryFolder();
const at = (name: string): string => join(folder, name);
const GOOD = registryOf('steel');

beforeAll(async () => {
  await commandBuilt();
  writeFileSync(at('bad.yaml'), 'version: 1\ntimezone: Mars/Base\nsites: []\n');
  writeFileSync(at('unknown-key.yaml'), 'http: 0\ncolour: blue\n');
  writeFileSync(at('file'), 'not a folder\n');
  mkdirSync(at('file-folder'));
  writeFileSync(at('file-folder/something'), '');
  mkdirSync(at('damaged'));
  writeFileSync(at('damaged/stackwarden.db'), 'no database, though long enough to look like one. '.repeat(100));
}, 300_000);
afterAll(remove);

interface Ending {
  readonly name: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** In what it says on standard error, or for a check on standard output. */
  readonly says: RegExp;
}

const replay = (...rest: string[]): string[] => [
  'replay',
  '--registry',
  GOOD,
  '--reports',
  reportsOf('steel'),
  ...rest,
];

const ENDINGS: Readonly<Record<number, readonly Ending[]>> = {
  0: [
    { name: 'a version', args: ['--version'], says: /^\d+\.\d+\.\d+\n$/ },
    { name: 'a sound registry', args: ['registry', 'check', GOOD], says: /0 problems/ },
  ],
  1: [
    { name: 'a registry with problems', args: ['registry', 'check', at('bad.yaml')], says: /bad\.yaml:2: timezone: / },
    { name: 'no registry there', args: ['registry', 'check', at('none')], says: /no such file or folder/ },
    {
      name: 'a replay by a registry with problems',
      args: ['replay', '--registry', at('bad.yaml'), '--reports', reportsOf('steel'), '--findings', '-'],
      says: /bad\.yaml:2: timezone: /,
    },
    {
      name: 'a replay of a file that is not there',
      args: ['replay', '--registry', GOOD, '--reports', at('none.ndjson'), '--findings', '-'],
      says: /cannot read .*none\.ndjson/,
    },
    {
      name: 'a replay of reports as a log',
      args: ['replay', '--log', reportsOf('steel'), '--findings', '-'],
      says: /reports\.ndjson\.gz:1: not a record of a log/,
    },
    {
      name: 'an import with problems',
      args: ['registry', 'import', at('bad.yaml'), '--data', at('unused')],
      says: /timezone/,
    },
    {
      name: 'a start by a registry with problems',
      args: ['start', '--registry', at('bad.yaml'), '--data', at('new'), '--http', '0', '--mqtt', '0'],
      says: /timezone/,
    },
    {
      name: 'a credential that names no device',
      args: ['credentials', 'add', 'nobody', '--data', at('new')],
      says: /SITE\/DEVICE/,
    },
    {
      name: 'nothing to revoke',
      args: ['credentials', 'revoke', 'a/b', '--data', at('new')],
      says: /no valid credential/,
    },
    {
      name: 'a restore of what is no backup',
      args: ['restore', at('file-folder'), '--data', at('new')],
      says: /no manifest|manifest\.json/,
    },
    { name: 'an unknown role', args: ['keys', 'add', 'x', '--role', 'king', '--data', at('new')], says: /not a role/ },
  ],
  2: [
    { name: 'no command', args: [], says: /Usage: stackwarden/ },
    { name: 'an unknown command', args: ['begin'], says: /unknown command/ },
    { name: 'an unknown option', args: ['start', '--colour', 'blue'], says: /unknown option '--colour'/ },
    { name: 'a missing argument', args: ['registry', 'check'], says: /missing required argument/ },
    { name: 'a missing option', args: ['replay', '--registry', GOOD], says: /--findings/ },
    { name: 'neither reports nor log', args: ['replay', '--findings', '-'], says: /--reports FILE… or --log FILE…/ },
    { name: 'reports and log', args: replay('--log', 'x', '--findings', '-'), says: /cannot be used with/ },
    {
      name: 'reports without a registry',
      args: ['replay', '--reports', 'x', '--findings', '-'],
      says: /needs --registry/,
    },
    { name: 'a port that is none', args: ['start', '--http', '70000'], says: /a port is 0 to 65535/ },
  ],
  73: [
    {
      name: 'findings below a file',
      args: replay('--findings', at('file/findings.ndjson')),
      says: /cannot write .*findings\.ndjson/,
    },
    {
      name: 'a backup into a folder that holds something',
      args: ['backup', at('file-folder'), '--data', at('damaged')],
      says: /file-folder is not empty/,
    },
    {
      name: 'data below a file',
      args: ['start', '--data', at('file/data'), '--http', '0', '--mqtt', '0'],
      says: /file\/data/,
    },
  ],
  78: [
    {
      name: 'an unknown key in the file',
      args: ['start', '--config', at('unknown-key.yaml')],
      says: /`colour` is not a setting/,
    },
    {
      name: 'everything in one process, with the log on Kafka',
      args: ['start', '--data', at('none')],
      env: { STACKWARDEN_LOG: 'kafka', STACKWARDEN_KAFKA_BROKERS: '127.0.0.1:1' },
      says: /log: kafka is for the stages/,
    },
    {
      name: 'no configuration there',
      args: ['start', '--config', at('none.yaml')],
      says: /cannot read the configuration/,
    },
    {
      name: 'a port in the environment that is none',
      args: ['start'],
      env: { STACKWARDEN_HTTP: 'many' },
      says: /http/i,
    },
    {
      name: 'an unknown setting in the environment',
      args: ['start'],
      env: { STACKWARDEN_COLOUR: 'blue' },
      says: /STACKWARDEN_COLOUR is not a setting/,
    },
    {
      name: 'a database that is none',
      args: ['start', '--data', at('damaged'), '--http', '0', '--mqtt', '0'],
      says: /stackwarden\.db is no database.*restore/,
    },
    {
      name: 'a backup of nothing',
      args: ['backup', at('new-backup'), '--data', at('none')],
      says: /nothing to back up/,
    },
    { name: 'insecure beyond this machine', args: ['start', '--insecure', '--host', '0.0.0.0'], says: /loopback/ },
    { name: 'a demo beyond this machine', args: ['start', '--demo', '--host', '0.0.0.0'], says: /loopback/ },
    { name: 'half of a certificate', args: ['start', '--tls-key', at('file')], says: /belong together/ },
    {
      name: 'a secret that cannot be read',
      args: ['start'],
      env: { STACKWARDEN_REGISTRY_FILE: at('none') },
      says: /cannot read/,
    },
  ],
};

describe.each(Object.entries(ENDINGS))('ends with %s', (code, endings) => {
  it.concurrent.each(endings)('$name', async ({ args, env, says }) => {
    const outcome = await runCommand(args, { cwd: folder, env: env ?? {} });
    expect(outcome).toMatchObject({ code: Number(code) });
    expect(`${outcome.stdout}${outcome.stderr}`).toMatch(says);
    // What is expected is said in words, without where in the program it was noticed.
    expect(outcome.stderr).not.toMatch(/\n {4}at /);
  });
});

describe('ends with 75', () => {
  it('where the data folder is in use', async () => {
    const system = await startSystem(at('busy'));
    const second = await runCommand(['start', '--data', at('busy'), '--http', '0', '--mqtt', '0']);
    expect(await runCommand(['backup', at('busy-backup'), '--data', at('busy')])).toMatchObject({ code: 0 });
    const restored = await runCommand(['restore', at('busy-backup'), '--data', at('busy'), '--force']);
    await system.stop();
    expect(restored).toMatchObject({ code: 75, stdout: '' });
    expect(restored.stderr).toContain('in use by process');
    expect(second).toMatchObject({ code: 75, stdout: '' });
    expect(second.stderr).toContain(`in use by process ${system.child.pid ?? 0}`);
  });

  it.each(['--http', '--mqtt'])('where the port for %s is taken', async (flag) => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const ports = flag === '--http' ? ['--http', String(port), '--mqtt', '0'] : ['--http', '0', '--mqtt', String(port)];
    const outcome: Outcome = await runCommand(['start', '--data', at(`taken${flag}`), ...ports]);
    taken.close();
    expect(outcome).toMatchObject({ code: 75, stdout: '' });
    expect(outcome.stderr).toContain(String(port));
  });
});

const COMMANDS = [
  ...[
    '',
    'start',
    'replay',
    'simulate',
    'export',
    'doctor',
    'backup',
    'restore',
    'registry',
    'registry check',
    'registry import',
  ],
  ...['credentials', 'credentials add', 'credentials list', 'credentials revoke', 'keys', 'keys add'],
];

it.concurrent.each(COMMANDS)('`stackwarden %s --help` says how it is used', async (command) => {
  const { code, stdout, stderr } = await runCommand([...command.split(' ').filter((word) => word !== ''), '--help']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(new RegExp(`^Usage: stackwarden ${command}`));
});
