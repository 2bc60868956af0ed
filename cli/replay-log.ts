/** An exported log through the engine: as one, or each partition through one of its own. */
import { InputError } from '../contracts/errors.ts';
import type { LogRecord } from '../contracts/log-record.ts';
import type { RegistryText } from '../contracts/registry/read-registry.ts';
import { mergeReplays, type PartitionReplay } from '../detect/runner/merge-replays.ts';
import { createReplay, type Replay, type ReplayResult } from '../detect/runner/replay.ts';
import { groupLogFiles, missingPartitions, type LogFiles } from './log-files.ts';
import { createSameFiles, readLogRecords } from './log-source.ts';
import { createProgress } from './progress.ts';

export interface LogReplayOptions {
  readonly wantsMeans: boolean;
  /** In place of every registry that the log holds. */
  readonly files: readonly RegistryText[] | undefined;
  readonly stderr: { write(text: string): void };
}

export interface LogReplay {
  readonly result: ReplayResult;
  readonly reports: number;
}

interface Taking {
  readonly options: LogReplayOptions;
  readonly sameFiles: ReturnType<typeof createSameFiles>;
  readonly progress: ReturnType<typeof createProgress>;
  reports: number;
}

/** Before every record. */
const BEGINNING = -8_640_000_000_000_000;

/** The log as it is. */
async function takeLog(take: Replay['take'], { paths }: LogFiles, taking: Taking): Promise<void> {
  for await (const records of readLogRecords(paths, taking.sameFiles)) {
    for (const record of records) {
      take(record);
      if (record.kind === 'report') taking.reports += 1;
    }
    taking.progress.update(taking.reports);
  }
}

/** The log as it would be had this registry stood in it from the first one on. */
async function takeLogWith(
  files: readonly RegistryText[],
  replay: Replay,
  { group, taking }: { readonly group: LogFiles; readonly taking: Taking },
): Promise<void> {
  const first = group.head?.first ?? 0;
  // What retention has removed may have held the registry.
  let isReplaced = first > 0;
  if (isReplaced) replay.take({ kind: 'registry', received: BEGINNING, files, offset: first - 1 });
  const take = (record: LogRecord): void => {
    if (record.kind !== 'registry') replay.take(record);
    else if (!isReplaced) {
      replay.take({ ...record, files });
      isReplaced = true;
    }
  };
  await takeLog(take, group, taking);
  if (!isReplaced) throw new InputError('the log holds no registry that --registry could replace');
}

async function replayGroup(group: LogFiles, taking: Taking): Promise<ReplayResult> {
  const { files } = taking.options;
  const replay = createReplay(taking.options);
  if (files === undefined)
    await takeLog(
      (record) => {
        replay.take(record);
      },
      group,
      taking,
    );
  else await takeLogWith(files, replay, { group, taking });
  return replay.finish();
}

function warnOf(groups: readonly LogFiles[], { stderr, files }: LogReplayOptions): void {
  const missing = missingPartitions(groups);
  if (missing.length > 0)
    stderr.write(`partitions ${missing.join(', ')} of the log are not among the files: their sites are not replayed\n`);
  const cut = groups.filter(({ head }) => head !== undefined && head.first > 0);
  if (cut.length > 0 && files === undefined)
    stderr.write(
      'the beginning of the log was no longer kept: what was entered before counts only with --registry PATH\n',
    );
}

/** @throws InputError where the files are no log, or of several */
export async function replayLog(paths: readonly string[], options: LogReplayOptions): Promise<LogReplay> {
  const groups = await groupLogFiles(paths);
  warnOf(groups, options);
  const taking: Taking = { options, sameFiles: createSameFiles(), progress: createProgress('records'), reports: 0 };
  const partitions: PartitionReplay[] = [];
  let whole: ReplayResult | undefined;
  // One after the other: what an engine holds goes with it.
  for (const group of groups) {
    const result = await replayGroup(group, taking);
    if (group.head === undefined) whole = result;
    else partitions.push({ partition: group.head.partition, result });
  }
  taking.progress.end();
  return { result: whole ?? mergeReplays(partitions), reports: taking.reports };
}
