/** `stackwarden restore DIR`: puts a backup into a data folder on which no server runs. */
import { resolve } from 'node:path';
import { restoreBackup } from '../../backends/sqlite/folder-restore.ts';
import { EXIT } from '../exit-code.ts';
import { describeBackup } from './backup.ts';

export interface RestoreCommand {
  readonly folder: string;
  readonly source: string;
  readonly force: boolean;
  readonly json: boolean;
}

/** @returns the exit code */
export async function runRestore(command: RestoreCommand, out: { write(text: string): void }): Promise<number> {
  const { folder, force, json } = command;
  const source = resolve(command.source);
  const { manifest, movedTo } = await restoreBackup({ source, folder, force, now: Date.now });
  if (json) {
    out.write(`${JSON.stringify({ folder, backup: source, movedTo: movedTo ?? null, ...manifest })}\n`);
    return EXIT.done;
  }
  out.write(`restored  ${source} into ${folder}; looked through and sound\n${describeBackup(manifest)}`);
  if (movedTo !== undefined) out.write(`old data  in ${movedTo}\n`);
  out.write('What was received after the backup was made is not in it. Start the system; devices may send again.\n');
  return EXIT.done;
}
