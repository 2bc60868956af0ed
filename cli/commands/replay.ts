/** `stackwarden replay`: reports or a log in, findings in their final state out. Offline and deterministic. */
import { InputError } from '../../contracts/errors.ts';
import type { Registry } from '../../contracts/registry/registry.ts';
import { createReplay, type Replay, type ReplayResult } from '../../detect/runner/replay.ts';
import { EXIT } from '../exit-code.ts';
import { expectRegistry } from '../expect-registry.ts';
import { expectWritable, openLineOutput, type LineOutput } from '../line-output.ts';
import { createProgress } from '../progress.ts';
import type { RegistryText } from '../../contracts/registry/read-registry.ts';
import { loadRegistryFiles } from '../registry-files.ts';
import { replayLog } from '../replay-log.ts';
import { readReports } from '../report-source.ts';

export interface ReplayCommand {
  readonly registry?: string;
  readonly reports?: readonly string[];
  readonly log?: readonly string[];
  readonly findings: string;
  readonly means?: string;
  readonly deadLetters?: string;
}

/** Before every report: the registry stands first in the log. */
const BEGINNING = -8_640_000_000_000_000;

interface Counted {
  reports: number;
  bad: number;
}

async function takeReports(
  replay: Replay,
  command: ReplayCommand,
  at: { registry: Registry; files: readonly RegistryText[]; bad: LineOutput | undefined; counted: Counted },
): Promise<void> {
  const { counted } = at;
  const progress = createProgress('reports');
  let offset = 0;
  const next = (): number => offset++;
  replay.take({ kind: 'registry', received: BEGINNING, files: at.files, offset: next() });
  const kept: unknown[] = [];
  const source = readReports(command.reports ?? [], {
    registry: at.registry,
    onBadLine: (bad) => {
      counted.bad += 1;
      if (at.bad !== undefined) kept.push(bad);
    },
  });
  let clock = Number.NEGATIVE_INFINITY;
  for await (const batch of source) {
    for (const { report, body, received } of batch) {
      // The receiver's clock never goes back.
      if (received > clock) clock = received;
      replay.take(
        { kind: 'report', site: report.site, device: report.device, body, received: clock, offset: next() },
        report,
      );
    }
    counted.reports += batch.length;
    for (const bad of kept.splice(0)) await at.bad?.write(bad);
    progress.update(counted.reports);
  }
  for (const bad of kept) await at.bad?.write(bad);
  progress.end();
}

async function writeAll(path: string | undefined, values: readonly unknown[]): Promise<void> {
  if (path === undefined) return;
  const output = await openLineOutput(path);
  for (const value of values) await output.write(value);
  await output.close();
}

function summary(result: ReplayResult, counted: Counted, seconds: number): string {
  const rules = new Map<string, number>();
  for (const finding of result.findings) rules.set(finding.rule, (rules.get(finding.rule) ?? 0) + 1);
  const { repeats = 0, revisions = 0 } = result.counts;
  const lines = [
    `${String(counted.reports)} reports in ${seconds.toFixed(1)} s (${String(Math.round(counted.reports / Math.max(seconds, 0.001)))}/s): ` +
      `${String(repeats)} repeats, ${String(revisions)} revisions, ${String(counted.bad + result.deadLetters.length)} dead letters`,
    `${String(result.findings.length)} findings`,
    ...[...rules].sort().map(([rule, count]) => `  ${rule}: ${String(count)}`),
  ];
  return `${lines.join('\n')}\n`;
}

/** @returns the exit code */
export async function runReplay(command: ReplayCommand, stderr: { write(text: string): void }): Promise<number> {
  const begin = performance.now();
  const counted: Counted = { reports: 0, bad: 0 };
  for (const path of [command.findings, command.means]) if (path !== undefined) await expectWritable(path);
  const wantsMeans = command.means !== undefined;
  const bad = command.deadLetters === undefined ? undefined : await openLineOutput(command.deadLetters);
  const files = command.registry === undefined ? undefined : await loadRegistryFiles(command.registry);
  const registry = files === undefined ? undefined : expectRegistry(files);
  let result: ReplayResult;
  if (command.log !== undefined) {
    const replayed = await replayLog(command.log, { wantsMeans, files, stderr });
    ({ result } = replayed);
    counted.reports = replayed.reports;
  } else {
    if (registry === undefined || files === undefined) throw new InputError('replay of reports needs --registry PATH');
    const replay = createReplay({ wantsMeans });
    await takeReports(replay, command, { registry, files, bad, counted });
    result = replay.finish();
  }
  for (const letter of result.deadLetters) await bad?.write(letter);
  await bad?.close();
  await writeAll(command.findings, result.findings);
  await writeAll(command.means, result.means);
  stderr.write(summary(result, counted, (performance.now() - begin) / 1_000));
  return EXIT.done;
}
