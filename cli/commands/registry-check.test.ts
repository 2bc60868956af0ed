import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SOUND } from '../../contracts/registry/registry-problems.cases.ts';
import { runRegistryCheck } from './registry-check.ts';

let path = '';
beforeEach(async () => {
  path = join(await mkdtemp(join(tmpdir(), 'check-')), 'city.yaml');
});
afterEach(async () => rm(join(path, '..'), { recursive: true }));

async function check(text: string | undefined, json = false): Promise<{ code: number; out: string; err: string }> {
  if (text !== undefined) await writeFile(path, text);
  const said = { out: '', err: '' };
  const code = await runRegistryCheck(path, {
    json,
    out: { write: (part) => (said.out += part) },
    err: { write: (part) => (said.err += part) },
  });
  return { code, ...said };
}

describe('registry check', () => {
  it('sums up a sound registry', async () => {
    expect(await check(SOUND)).toEqual({
      code: 0,
      out: '0 problems, 0 warnings in 1 file: 1 district, 1 site, 7 devices, 1 outlet, 3 limits, 1 line, 1 order, 1 mark\n',
      err: '',
    });
  });

  it('prints every problem and every warning, and fails for problems', async () => {
    const text = SOUND.replace('basis: dry', 'basis: wet').replace('every: PT1M, mn', 'evry: PT1M, mn');
    const { code, out } = await check(text);
    expect(code).toBe(1);
    expect(out.replaceAll(path, 'city.yaml').split('\n')).toEqual([
      'city.yaml:19: sites[0].devices[0].evry: unknown key `evry`. Did you mean `every`?',
      expect.stringMatching(/^city\.yaml:\d+: warning: sites\[0\]\.outlets\[0\]\.basis: `basis` is wet/),
      '1 problem, 1 warning in 1 file',
      '',
    ]);
  });

  it('does not fail for warnings', async () => {
    expect((await check(SOUND.replace('basis: dry', 'basis: wet'))).code).toBe(0);
  });

  it('gives the same as JSON', async () => {
    const { code, out } = await check(SOUND.replace('  cement', '  1'), true);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ ok: true, files: 1, problems: [], registry: { sites: 1, limits: 3 } });
    const bad = await check(SOUND.replace('version: 1', 'version: 2'), true);
    expect(JSON.parse(bad.out)).toMatchObject({
      ok: false,
      problems: [{ line: 1, code: 'value-invalid' }],
      registry: null,
    });
  });

  it('says on the error stream that there is nothing to check', async () => {
    const { code, out, err } = await check(undefined);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/there is no such file or folder/);
  });
});
