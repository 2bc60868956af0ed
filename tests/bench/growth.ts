/**
 * `npm run bench:growth`: what a report costs with 200 sites and with 20,000, over the turn of an hour. Each size is
 * replayed twice, from a pipe, once for longer: the difference is the cost without start and registry.
 */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startMeasured, type ProcessCost } from './measured-process.ts';
import { workloadMinutes, workloadRegistry } from './workload.ts';

interface Size {
  readonly sites: number;
  /** Minutes of the shorter and of the longer run. */
  readonly minutes: readonly [number, number];
}

const SIZES: readonly Size[] = [
  { sites: 200, minutes: [590, 1_790] },
  { sites: 2_000, minutes: [50, 170] },
  { sites: 20_000, minutes: [50, 110] },
];
const REPORTS_A_MINUTE = 4;

const folder = mkdtempSync(join(tmpdir(), 'stackwarden-growth-'));

async function replay(sites: number, minutes: number): Promise<ProcessCost> {
  const registry = join(folder, `registry-${String(sites)}.json`);
  writeFileSync(registry, workloadRegistry({ sites, hours: 0 }));
  const args = ['dist/cli/main.js', 'replay', '--registry', registry, '--reports', '-', '--findings', '/dev/null'];
  const { child, cost } = startMeasured(args, { input: true });
  child.stdout?.resume();
  let minute = 0;
  for (const text of workloadMinutes({ sites, hours: Math.ceil(minutes / 60) })) {
    if (minute >= minutes) break;
    minute += 1;
    if (child.stdin?.write(text) === false) await once(child.stdin, 'drain');
  }
  child.stdin?.end();
  const done = await cost;
  if (done.exitCode !== 0) throw new Error(`replay ended with ${String(done.exitCode)}: ${done.stderr}`);
  return done;
}

execFileSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' });
let first: number | undefined;
for (const { sites, minutes } of SIZES) {
  const short = await replay(sites, minutes[0]);
  const long = await replay(sites, minutes[1]);
  const reports = sites * REPORTS_A_MINUTE * (minutes[1] - minutes[0]);
  const perThousand = ((long.cpuMs - short.cpuMs) * 1_000) / reports;
  first ??= perThousand;
  process.stdout.write(
    `${sites.toLocaleString('en')} sites: ${perThousand.toFixed(2)} ms CPU per 1,000 over ${reports.toLocaleString('en')} reports, ` +
      `${(perThousand / first).toFixed(2)} × the smallest; ${long.peakMiB.toFixed(0)} MiB at most\n`,
  );
}
rmSync(folder, { recursive: true, force: true });
