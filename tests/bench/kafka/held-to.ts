/**
 * Holds a process to a part of a core, so that several of them can be compared on a machine that has too few cores for
 * them: Linux control groups, of either version, where this user may make one.
 */
import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = '/sys/fs/cgroup';
const PERIOD_US = 100_000;

function limitFile(quotaUs: number): { readonly parent: string; readonly name: string; readonly text: string } {
  return existsSync(join(ROOT, 'cgroup.controllers'))
    ? { parent: ROOT, name: 'cpu.max', text: `${String(quotaUs)} ${String(PERIOD_US)}` }
    : { parent: join(ROOT, 'cpu'), name: 'cpu.cfs_quota_us', text: String(quotaUs) };
}

/** @param cores of processor time, for all its threads together @returns lets go of it, once it has ended; undefined where that is not allowed here */
export function holdTo(pid: number, cores: number): (() => void) | undefined {
  const { parent, name, text } = limitFile(cores * PERIOD_US);
  const group = join(parent, `stackwarden-bench-${String(pid)}`);
  try {
    mkdirSync(group);
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
  const letGo = (): void => {
    rmdirSync(group);
  };
  try {
    writeFileSync(join(group, name), text);
    writeFileSync(join(group, 'cgroup.procs'), String(pid));
    return letGo;
  } catch (error) {
    letGo();
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}
