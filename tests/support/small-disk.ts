/** Room that runs out and comes back, in the ways that this machine allows. */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** What can be made full under a running process. */
export interface SmallDisk {
  readonly name: string;
  /** Its folder is really full, for every process; else only the process is kept from writing more. */
  readonly isReal: boolean;
  /** @returns why it cannot be had here; undefined where it can */
  prepare(folder: string): string | undefined;
  fill(folder: string, pid: number): void;
  free(folder: string, pid: number): void;
  remove(folder: string): void;
}

function run(command: string, ...args: string[]): string | undefined {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (error !== undefined) return error.message;
  return status === 0 ? undefined : stderr.trim();
}

const FILLER = 'filler';
const BEGINNING_BYTES = 1_024;
/** More than the write-ahead log takes before it is moved into the database. */
const DISK_BYTES = 32 * 1_048_576;

/** A file system of 32 MiB in memory. */
const tmpfs: SmallDisk = {
  name: 'a small file system',
  isReal: true,
  prepare(folder) {
    mkdirSync(folder, { recursive: true });
    const fault = run('mount', '-t', 'tmpfs', '-o', `size=${String(DISK_BYTES)},mode=0700`, 'tmpfs', folder);
    return fault === undefined ? undefined : `mounting a small file system needs rights: ${fault}`;
  },
  fill(folder) {
    const file = openSync(join(folder, FILLER), 'w');
    const block = Buffer.alloc(4_096);
    try {
      for (;;) writeSync(file, block);
    } catch (error) {
      if ((error as { code?: string }).code !== 'ENOSPC') throw error;
    } finally {
      closeSync(file);
    }
  },
  free(folder) {
    rmSync(join(folder, FILLER));
  },
  remove(folder) {
    const fault = run('umount', folder);
    if (fault !== undefined) throw new Error(fault);
  },
};

/** The process may not make its files larger than they are: writing fails as on a disk with a quota. */
const fileSizeLimit: SmallDisk = {
  name: 'a limit on the size of files',
  isReal: false,
  prepare(folder) {
    mkdirSync(folder, { recursive: true });
    const fault = run('prlimit', '--version');
    return fault === undefined ? undefined : `limits of a running process are set with prlimit: ${fault}`;
  },
  fill(_folder, pid) {
    // Not even into what is there already: else the write-ahead log would be begun anew for ever.
    const fault = run('prlimit', '--pid', String(pid), `--fsize=${String(BEGINNING_BYTES)}:unlimited`);
    if (fault !== undefined) throw new Error(fault);
  },
  free(_folder, pid) {
    const fault = run('prlimit', '--pid', String(pid), '--fsize=unlimited:unlimited');
    if (fault !== undefined) throw new Error(fault);
  },
  remove: () => undefined,
};

export const SMALL_DISKS: readonly SmallDisk[] = [tmpfs, fileSizeLimit];
