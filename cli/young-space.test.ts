import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { wantsYoungSpace } from './young-space.ts';

const folder = mkdtempSync(join(tmpdir(), 'stackwarden-young-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
afterEach(() => {
  vi.unstubAllEnvs();
});

function fileOf(name: string, bytes: number): string {
  const path = join(folder, name);
  writeFileSync(path, Buffer.alloc(bytes, 32));
  return path;
}

describe('room for the young of a replay', () => {
  it('is wanted for a registry of thousands of sites, in one file or in many', async () => {
    mkdirSync(join(folder, 'registry', 'district'), { recursive: true });
    fileOf('registry/a.yaml', 1_500_000);
    fileOf('registry/district/b.yaml', 500_000);
    expect(await wantsYoungSpace({ registry: fileOf('large.json', 2_000_000) })).toBe(true);
    expect(await wantsYoungSpace({ registry: join(folder, 'registry') })).toBe(true);
  });

  it('is not wanted for a small one, nor for what is not there', async () => {
    expect(await wantsYoungSpace({ registry: fileOf('small.json', 1_999_999) })).toBe(false);
    expect(await wantsYoungSpace({ registry: join(folder, 'absent.yaml'), log: [join(folder, 'absent')] })).toBe(false);
    expect(await wantsYoungSpace({ log: [fileOf('log.ndjson.gz', 1_000)] })).toBe(false);
  });

  it('is left to who chose a size already', async () => {
    vi.stubEnv('NODE_OPTIONS', '--max-semi-space-size=64');
    expect(await wantsYoungSpace({ registry: fileOf('large.json', 2_000_000) })).toBe(false);
  });
});
