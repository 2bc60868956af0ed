/**
 * A replay of thousands of sites holds many reports until it takes them site by site. In V8's usual young generation
 * of 16 MiB they are all copied twice and then kept too long; with room for them the same replay costs a third less
 * (measured: `npm run bench:growth`). The size is fixed when a process starts, so the command starts itself again.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, stat } from 'node:fs/promises';
import { constants, totalmem } from 'node:os';
import { join } from 'node:path';
import { isFlagChosen } from './node-flag.ts';

const FLAG = '--max-semi-space-size';
const YOUNG_MIB = 256;
/** A registry of about 2,000 sites. */
const LARGE_REGISTRY_BYTES = 2_000_000;
/** An exported log, compressed. */
const LARGE_LOG_BYTES = 200_000_000;
/** Below it the room would be taken from the sites' own memory. */
const LEAST_MEMORY_BYTES = 6_000_000_000;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface ReplayInputs {
  readonly registry?: string;
  readonly log?: readonly string[];
}

async function bytesAt(path: string): Promise<number> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return 0;
  if (!found.isDirectory()) return found.size;
  const names = await readdir(path, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile());
  const sizes = await Promise.all(files.map((entry) => stat(join(entry.parentPath, entry.name))));
  return sizes.reduce((sum, { size }) => sum + size, 0);
}

/** Whether a replay of these files is large enough to start again for it. What cannot be read is refused later. */
export async function wantsYoungSpace({ registry, log = [] }: ReplayInputs): Promise<boolean> {
  if (isFlagChosen(FLAG) || totalmem() < LEAST_MEMORY_BYTES) return false;
  if (registry !== undefined && (await bytesAt(registry)) >= LARGE_REGISTRY_BYTES) return true;
  const logs = await Promise.all(log.map(bytesAt));
  return logs.reduce((sum, size) => sum + size, 0) >= LARGE_LOG_BYTES;
}

/** In the process that was started again: ends with the one that waits for it, however that ended. */
export function endWithParent(): void {
  if (process.send === undefined || !isFlagChosen(FLAG)) return;
  process.on('disconnect', () => process.exit(constants.signals.SIGTERM + 128));
  // Listening alone must not keep a finished command alive.
  process.channel?.unref();
}

/** This process's command once more, with a large young generation. @returns its exit code */
export async function againWithYoungSpace(): Promise<number> {
  const flags = [...process.execArgv, `${FLAG}=${String(YOUNG_MIB)}`, `--min-semi-space-size=${String(YOUNG_MIB)}`];
  const child = spawn(process.execPath, [...flags, ...process.argv.slice(1)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  // Ctrl-C reaches both processes; whichever signal it is, this one waits for what the other makes of it.
  const pass = (signal: NodeJS.Signals): void => {
    child.kill(signal);
  };
  for (const signal of SIGNALS) process.on(signal, pass);
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  for (const each of SIGNALS) process.off(each, pass);
  return signal === null ? (code ?? 1) : 128 + constants.signals[signal];
}
