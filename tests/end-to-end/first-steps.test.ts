/** The way of an operator: the first key, a device that logs in, a registry that changes, and Ctrl-C. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { temporaryFolder } from '../ports/sqlite-folder.ts';
import { commandBuilt, runCommand } from './built-command.ts';
import { openLine } from './device-line.ts';
import { askJson, listAll, listFindings, startSystem, until, type RunningSystem } from './running-system.ts';

const { folder, remove } = temporaryFolder();
const at = (name: string): string => join(folder, name);
const data = at('folder');
const DEADLINE_MS = 30_000;
let system: RunningSystem;
let key = '';

function writeRegistry(site: string, limit: string): string {
  const text = `version: 1
timezone: Asia/Shanghai
districts: [{id: practice, name: 练习分局}]
sites:
  - id: ${site}
    name: ${site}
    district: practice
    industry: power
    grade: B
    devices: [{id: cems-1, kind: cems, every: PT1H}, {id: m-load, kind: meter, every: PT1H}]
    outlets:
      - {id: stack-1, device: cems-1, ranges: {nox: [0, 300]}, limits: [${limit}]}
    lines:
      - {id: unit-1, outlets: [stack-1], production: [{device: m-load, rated: 900, "on": 100}]}
`;
  writeFileSync(at('registry.yaml'), text);
  return at('registry.yaml');
}

const limitOf = (max: number): string =>
  `{signal: nox, max: ${max}, average: PT1H, from: 2024-01-01, source: practice}`;
const importRegistry = (path: string) => runCommand(['registry', 'import', path, '--data', data]);
const hour = (of: number, values: object): object => ({
  ts: `2026-02-02T${String(of).padStart(2, '0')}:00:00+08:00`,
  period: 'PT1H',
  values,
  resent: true,
});

async function addDevice(user: string): Promise<{ username: string; password: string }> {
  const added = await runCommand(['credentials', 'add', user, '--json', '--data', data]);
  expect(added).toMatchObject({ code: 0 });
  return { username: user, password: (JSON.parse(added.stdout) as { password: string }).password };
}

beforeAll(async () => {
  await commandBuilt();
  system = await startSystem(data, ['--registry', writeRegistry('works', limitOf(200))]);
  key = system.ready.key ?? '';
}, 300_000);
afterAll(async () => {
  await (system as RunningSystem | undefined)?.stop();
  remove();
});

it('shows a key at its first start, without which the API refuses', async () => {
  expect(key).toMatch(/^\S{20,}$/);
  const statuses = [{}, { key: `${key}x` }, { key }].map(
    async (with_) => (await system.ask('/api/v1/findings', with_)).status,
  );
  expect(await Promise.all(statuses)).toEqual([401, 401, 200]);
  // Kept hashed: the key itself stands in no file.
  for (const name of ['credentials.db', 'stackwarden.db'])
    expect(readFileSync(join(data, name)).includes(key)).toBe(false);
});

it('ends at Ctrl-C within five seconds, and the folder is free at once', { timeout: 120_000 }, async () => {
  const { code, ms } = await system.stop();
  expect(code).toBe(0);
  expect(ms).toBeLessThan(5_000);
  expect(system.stderr()).toBe('');
  system = await startSystem(data, []);
  expect(system.ready.key).toBeUndefined();
  expect((await system.ask('/api/v1/findings', { key })).status).toBe(200);
});

it(
  'lets a device in while it holds credentials, and closes its connection when they are revoked',
  { timeout: 120_000 },
  async () => {
    const login = await addDevice('works/cems-1');
    await expect(openLine(system.ready.mqttUrl, 'works/cems-1')).rejects.toThrow(/Not authorized/i);
    await expect(openLine(system.ready.mqttUrl, 'works/cems-1', { ...login, password: 'guess' })).rejects.toThrow(
      /Bad username/i,
    );
    const line = await openLine(system.ready.mqttUrl, 'works/cems-1', login);
    // The third says that the second hour is over: stored reports do not move with the clock.
    await line.send([hour(0, { nox: 120 }), hour(1, { nox: 130 }), hour(2, { nox: 90 })]);
    const listed = await runCommand(['credentials', 'list', '--data', data]);
    expect(listed.stdout).toMatch(/^works\/cems-1\tworks\/cems-1\t\S+\tvalid\n$/);
    expect(listed.stdout).not.toContain(login.password);

    const closed = expect(line.broken).rejects.toThrow(/closed/);
    expect(await runCommand(['credentials', 'revoke', 'works/cems-1', '--data', data])).toMatchObject({ code: 0 });
    await closed;
    await expect(openLine(system.ready.mqttUrl, 'works/cems-1', login)).rejects.toThrow(/Bad username/i);
  },
);

/** That data of long ago are told to be filled in is no exceedance. */
const exceedances = async () => (await listFindings(system, key)).filter(({ rule }) => rule === 'limit.hour');

it('takes a registry into force while it runs: a stricter limit is found exceeded', { timeout: 120_000 }, async () => {
  expect(await exceedances()).toEqual([]);
  const imported = await importRegistry(writeRegistry('works', limitOf(100)));
  expect(imported).toMatchObject({ code: 0 });
  expect(imported.stdout).toMatch(/in force in the running system/);
  const found = await until(
    exceedances,
    ([first]) => (first?.evidence['hours'] as unknown[] | undefined)?.length === 2,
    DEADLINE_MS,
  );
  expect(found).toMatchObject([
    { rule: 'limit.hour', start: '2026-02-02T00:00:00+08:00', evidence: { hours: [{ mean: 120 }, { mean: 130 }] } },
  ]);
});

it('refuses a registry with problems and keeps the one in force', { timeout: 120_000 }, async () => {
  writeFileSync(at('bad.yaml'), 'version: 1\ntimezone: Mars/Base\nsites: []\n');
  expect(await importRegistry(at('bad.yaml'))).toMatchObject({ code: 1 });
  expect(await askJson(system, '/api/v1/registry', { key })).toMatchObject({ timezone: 'Asia/Shanghai', sites: 1 });
});

interface Letter {
  readonly id: string;
  readonly reason: string;
  readonly state: string;
}

const byId = (a: Letter, b: Letter): number => (a.id < b.id ? -1 : 1);

it('keeps what an unknown site sent, and takes it in once the site is registered', { timeout: 120_000 }, async () => {
  const line = await openLine(system.ready.mqttUrl, 'mill/cems-1', await addDevice('mill/cems-1'));
  await line.send([hour(0, { nox: 140 }), hour(1, { nox: 80 })]);
  await line.close();
  const letters = async () => [...(await listAll<Letter>(system, '/api/v1/dead-letters', key))].sort(byId);
  const kept = await until(letters, ({ length }) => length === 2, DEADLINE_MS);
  expect(kept).toMatchObject([1, 2].map(() => ({ reason: 'site-unknown', state: 'kept' })));

  expect(await importRegistry(writeRegistry('mill', limitOf(100)))).toMatchObject({ code: 0 });
  const again = { method: 'POST', key };
  for (const { id } of kept) {
    const outcome = await askJson(system, `/api/v1/dead-letters/${id}/redrive`, again);
    expect(outcome).toMatchObject({ accepted: 1, rejections: [] });
  }
  const ofMill = async () => (await exceedances()).filter(({ site }) => site === 'mill');
  const found = await until(ofMill, ({ length }) => length > 0, DEADLINE_MS);
  expect(found).toMatchObject([{ rule: 'limit.hour', evidence: { hours: [{ mean: 140 }] } }]);
  const settled = await until(letters, (all) => all.every(({ state }) => state === 'redriven'), DEADLINE_MS);
  expect(settled.map(({ state }) => state)).toEqual(['redriven', 'redriven']);
  expect((await system.ask(`/api/v1/dead-letters/${kept[0]?.id ?? ''}/redrive`, again)).status).toBe(409);
});

it('is checked by the doctor, line by line', { timeout: 120_000 }, async () => {
  const ports = ['--http', String(system.ready.http), '--mqtt', String(system.ready.mqtt)];
  // As many as any machine can bear: how many files this one may open is its own affair.
  const env = { STACKWARDEN_CONNECTIONS: '100' };
  const running = await runCommand(['doctor', '--data', data, '--registry', at('registry.yaml'), ...ports], { env });
  const names = running.stdout.split('\n').map((line) => line.split(/\s+/).slice(0, 2).join(' '));
  const checks = [
    ...['node', 'clock', 'folder', 'disk', 'modes', 'schema', 'state', 'database', 'wal', 'secrets', 'backup', 'files'],
    ...['server', 'http', 'mqtt', 'registry'],
  ];
  expect(names).toEqual([...checks.map((name) => `ok ${name}`), '']);
  expect(running.code).toBe(0);

  const wrong = await runCommand(['doctor', '--data', at('other'), '--registry', at('bad.yaml'), ...ports], { env });
  expect(wrong.code).toBe(1);
  const faults = wrong.stdout.split('\n').filter((line) => line.startsWith('WRONG'));
  expect(faults.map((line) => line.split(/\s+/)[1])).toEqual(['http', 'mqtt', 'registry']);
  for (const fault of faults) expect(fault).toMatch(/\. Do: \S/);
});
