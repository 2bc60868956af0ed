/** Servers of a benchmark's own, so that what they keep can be weighed: brought up and taken down by `deploy/native`. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface BenchServers {
  /** As `deploy/native/up` names them. */
  readonly env: Readonly<Record<string, string>>;
  /** MB on the disk. */
  diskMb(name: 'kafka' | 'influx'): number;
  /** Of both, user and system time so far, ms. */
  cpuMs(): number;
  down(): void;
}

interface State {
  readonly servers: readonly {
    readonly name: string;
    readonly mark: { readonly pid: number };
    readonly place: { readonly folder: string };
  }[];
}

const TICK_MS = 10;

export function cpuMsOf(pid: number): number {
  // Behind the name of the process, which may have blanks in it.
  const fields =
    readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
      .split(') ')[1]
      ?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/** @throws where one of them cannot be had here */
export function upServers(): BenchServers {
  const folder = mkdtempSync(join(tmpdir(), 'stackwarden-bench-servers-'));
  const stateFile = join(folder, 'servers.json');
  const out = execFileSync('deploy/native/up', ['--state', stateFile], { encoding: 'utf8' });
  const env = Object.fromEntries(
    out
      .split('\n')
      .filter((line) => line.includes('='))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
  const { servers } = JSON.parse(readFileSync(stateFile, 'utf8')) as State;
  let isDown = false;
  const down = (): void => {
    if (isDown) return;
    isDown = true;
    execFileSync('deploy/native/down', ['--state', stateFile]);
    rmSync(folder, { recursive: true, force: true });
  };
  // They stay when this process ends, so they are ended with it, however that comes.
  process.once('exit', down);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
  if (env['STACKWARDEN_TEST_KAFKA'] === undefined || env['STACKWARDEN_TEST_INFLUX_URL'] === undefined) {
    down();
    throw new Error('Kafka and InfluxDB are needed: see docs/how-to/servers-without-containers.md');
  }
  return {
    env,
    diskMb(name) {
      const found = servers.find((server) => server.name === name);
      return Number(execFileSync('du', ['-sm', found?.place.folder ?? ''], { encoding: 'utf8' }).split('\t')[0]);
    },
    cpuMs: () => servers.reduce((sum, { mark }) => sum + cpuMsOf(mark.pid), 0),
    down,
  };
}
