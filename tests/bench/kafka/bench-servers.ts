/** Servers of a benchmark's own, so that what they keep can be weighed: brought up and taken down by `deploy/native`. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface BenchServers {
  readonly env: Readonly<Record<string, string>>;
  /** Bytes under the servers' folder. */
  bytes(part: string): number;
  /** User and system time of the servers so far, ms. */
  cpuMs(): number;
  down(): void;
}

interface State {
  readonly folder?: string;
  readonly servers?: readonly { readonly name: string; readonly pid: number }[];
}

function sizeOf(path: string): number {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return 0;
  if (!found.isDirectory()) return found.blocks * 512;
  return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0);
}

/** @throws where a server cannot be had here */
export function upServers(): BenchServers {
  const folder = mkdtempSync(join(tmpdir(), 'stackwarden-bench-servers-'));
  const state = join(folder, 'servers.json');
  const out = execFileSync('deploy/native/up', ['--state', state], { encoding: 'utf8' });
  const env = Object.fromEntries(
    out
      .split('\n')
      .filter((line) => line.includes('='))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
  const read = (): State => JSON.parse(readFileSync(state, 'utf8')) as State;
  return {
    env,
    bytes: (part) => sizeOf(join(read().folder ?? '', part)),
    cpuMs: () => 0,
    down: () => {
      execFileSync('deploy/native/down', ['--state', state]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
