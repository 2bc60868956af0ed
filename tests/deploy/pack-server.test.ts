/** The file for servers without internet: unpacked elsewhere and cut off from every network, it runs. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { KAFKA_BINARY, productionPackages } from '../../scripts/pack/production-packages.ts';
import { commandBuilt } from '../end-to-end/built-command.ts';
import { temporaryFolder } from '../ports/sqlite-folder.ts';

const ROOT = join(import.meta.dirname, '../..');
const SCENARIO = join(ROOT, 'tests/scenarios/treatment-off');
const { folder, remove } = temporaryFolder();
let archive = '';
let unpacked = '';

/** A network of one's own, with nothing in it, where the kernel lets anybody have one. */
const WITHOUT_NETWORK = spawnSync('unshare', ['-rn', 'true']).status === 0 ? ['unshare', '-rn'] : [];

function runThere(args: readonly string[]): { readonly code: number | null; readonly text: string } {
  const [command = '', ...rest] = [...WITHOUT_NETWORK, process.execPath, ...args];
  const env = { PATH: process.env['PATH'], HOME: folder };
  const { status, stdout, stderr } = spawnSync(command, rest, { cwd: unpacked, encoding: 'utf8', env });
  return { code: status, text: stdout + stderr };
}

function run(command: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: folder, encoding: 'utf8' });
  expect([command, status, stderr]).toEqual([command, 0, expect.anything()]);
  return stdout;
}

beforeAll(async () => {
  await commandBuilt();
  const tsx = join(ROOT, 'node_modules/tsx/dist/cli.mjs');
  run(process.execPath, [tsx, join(ROOT, 'scripts/pack-server.ts'), '--out', folder]);
  archive = readdirSync(folder).find((name) => name.endsWith('.tar.gz')) ?? '';
  run('sha256sum', ['--check', `${archive}.sha256`]);
  run('tar', ['-xzf', archive]);
  unpacked = join(folder, archive.replace('.tar.gz', ''));
}, 400_000);
afterAll(remove);

it('is named by its version, its platform, its Node and what it can do', () => {
  const kind = existsSync(join(ROOT, KAFKA_BINARY)) ? 'kafka' : 'embedded';
  expect(archive).toBe(`stackwarden-0.1.0-${process.platform}-${process.arch}-node20-${kind}.tar.gz`);
  expect(JSON.parse(readFileSync(join(unpacked, 'built.json'), 'utf8'))).toMatchObject({ kafka: kind === 'kafka' });
});

it('says its version and finds what there is to find', () => {
  expect(runThere(['dist/cli/main.js', '--version'])).toEqual({ code: 0, text: '0.1.0\n' });
  const findings = join(folder, 'findings.ndjson');
  const replay = ['replay', '--registry', join(SCENARIO, 'registry.yaml'), '--reports'];
  const { code, text } = runThere([
    'dist/cli/main.js',
    ...replay,
    join(SCENARIO, 'reports.ndjson'),
    '--findings',
    findings,
  ]);
  expect([code, text]).toEqual([0, expect.stringContaining('treatment.off: 3')]);
  expect(readFileSync(findings, 'utf8')).toContain('treatment.off');
});

it('simulates from the scenarios that came with it', () => {
  const { code, text } = runThere(['dist/cli/main.js', 'simulate', '--help']);
  expect([code, text]).toEqual([0, expect.stringContaining('simulate')]);
  expect(readdirSync(join(unpacked, 'simulators/scenarios'))).toEqual(readdirSync(join(ROOT, 'simulators/scenarios')));
});

it('has each package that it runs with, with its licence, and none for development', () => {
  const list = readFileSync(join(unpacked, 'LICENCES.md'), 'utf8');
  for (const { name, version, licence, path } of productionPackages(ROOT)) {
    expect(existsSync(join(unpacked, path, 'package.json'))).toBe(true);
    expect(list).toContain(`| ${name} | ${version} | ${licence} |`);
  }
  for (const name of ['vitest', 'typescript', 'tsx'])
    expect(existsSync(join(unpacked, 'node_modules', name))).toBe(false);
});

it("loads Kafka's client where it was compiled", (context) => {
  if (!existsSync(join(ROOT, KAFKA_BINARY))) context.skip('node-rdkafka was not compiled: npm run build:kafka');
  expect(runThere(['-e', 'require("node-rdkafka")'])).toEqual({ code: 0, text: '' });
});

it('takes no secrets along', () => {
  expect(existsSync(join(unpacked, 'deploy/systemd'))).toBe(true);
  expect(existsSync(join(unpacked, 'deploy/secrets'))).toBe(false);
});
