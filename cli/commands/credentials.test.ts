import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { SqliteCredentials } from '../../backends/sqlite/sqlite-credentials.ts';
import { InputError } from '../../contracts/errors.ts';
import { credentialsIn } from '../open-credentials.ts';
import { addAll } from './credentials.ts';

const folder = mkdtempSync(join(tmpdir(), 'credentials-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const registry = join(folder, 'registry.yaml');
const site = (id: string): object => ({
  id,
  name: '示例',
  district: 'd',
  industry: 'cement',
  devices: [
    { id: 'm-1', kind: 'meter', every: 'PT1M' },
    { id: 'm-2', kind: 'meter', every: 'PT1M' },
  ],
});
writeFileSync(
  registry,
  JSON.stringify({ version: 1, districts: [{ id: 'd', name: '示例分局' }], sites: [site('plant-a'), site('plant-b')] }),
);

interface Line {
  readonly user: string;
  readonly grants: readonly string[];
  readonly password: string;
}

async function run(per: 'site' | 'device', path = registry): Promise<{ lines: readonly Line[]; said: string }> {
  let [out, err] = ['', ''];
  const streams = {
    out: { write: (text: string) => void (out += text) },
    err: { write: (text: string) => void (err += text) },
  };
  expect(await addAll(credentialsIn(join(folder, 'data')), path, per, streams)).toBe(0);
  const lines = out.split('\n').filter((line) => line !== '');
  return { lines: lines.map((line) => JSON.parse(line) as Line), said: err };
}

describe('credentials for everyone in a registry', () => {
  it('are one for the gateway of each site, and let it in', async () => {
    const { lines } = await run('site');
    expect(lines.map(({ user, grants }) => [user, grants])).toEqual([
      ['plant-a/gateway', ['plant-a/*']],
      ['plant-b/gateway', ['plant-b/*']],
    ]);
    const credentials = new SqliteCredentials(join(folder, 'data'));
    const found = await Promise.all(lines.map(({ user, password }) => credentials.verifyDevice(user, password)));
    credentials.close();
    expect(found.map((credential) => credential?.user)).toEqual(['plant-a/gateway', 'plant-b/gateway']);
  });

  it('are left alone where somebody has one', async () => {
    expect(await run('site')).toEqual({ lines: [], said: '0 added, 2 had one; passwords are shown only now\n' });
    const { lines, said } = await run('device');
    expect(lines.map(({ user }) => user)).toEqual(['plant-a/m-1', 'plant-a/m-2', 'plant-b/m-1', 'plant-b/m-2']);
    expect(said).toMatch(/^4 added, 0 had one/);
  });

  it('are refused for what is no registry', async () => {
    const wrong = join(folder, 'wrong.yaml');
    writeFileSync(wrong, 'version: 1\nsites: [{ id: X }]\n');
    await expect(run('site', wrong)).rejects.toThrow(InputError);
  });
});
