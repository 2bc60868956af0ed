/** `stackwarden backup DIR`: a copy of the data folder as it is at one moment, also of a running system. */
import { resolve } from 'node:path';
import type { BackupManifest } from '../../backends/sqlite/backup-manifest.ts';
import { makeBackup } from '../../backends/sqlite/folder-backup.ts';
import { EXIT } from '../exit-code.ts';
import { programVersion } from '../version.ts';

const MIB = 1_048_576;

export interface BackupCommand {
  readonly folder: string;
  readonly target: string;
  readonly json: boolean;
}

/** What a backup holds, for people. */
export function describeBackup({ log, detection, files, madeAt }: BackupManifest): string {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const last = log.lastReceived === null ? 'nothing received yet' : `last received ${log.lastReceived}`;
  return (
    `made      ${madeAt}\n` +
    `log       records ${String(log.first)} to ${String(log.next)} (exclusive), ${last}\n` +
    `detection had read up to ${String(detection.next)}; the rest is read at the next start\n` +
    `size      ${(bytes / MIB).toFixed(1)} MiB in ${String(files.length)} files\n`
  );
}

/** @returns the exit code */
export async function runBackup(command: BackupCommand, out: { write(text: string): void }): Promise<number> {
  const target = resolve(command.target);
  const { folder, json } = command;
  const manifest = await makeBackup({ folder, target, version: programVersion(), now: Date.now });
  if (json) out.write(`${JSON.stringify({ folder, backup: target, ...manifest })}\n`);
  else out.write(`backup    ${target}, of ${folder}; looked through and sound\n${describeBackup(manifest)}`);
  return EXIT.done;
}
