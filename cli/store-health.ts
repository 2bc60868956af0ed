/** Whether the store takes what it is given, for people, probes and metrics. */
import { folderFigures } from '../backends/sqlite/folder-figures.ts';
import type { Readiness, ReadinessCheck } from '../api/deps.ts';
import { formatBytes } from './doctor/check.ts';
import type { EmbeddedStore } from './embedded-store.ts';
import type { StoreFigures } from './metrics-text.ts';

/** What was seen of the store since the start. */
export interface StoreWatch {
  /** What the last look through the whole database found; undefined before there was one. */
  lastCheck: { readonly at: number; readonly faults: readonly string[] } | undefined;
  readonly trouble: () => Error | undefined;
}

interface HealthLog {
  error(fields: object, event: string): void;
  warn(fields: object, event: string): void;
}

/** Says when trouble begins and when it is over. */
export function watchStore({ store }: EmbeddedStore, logger: HealthLog): StoreWatch {
  store.onHealth((err) => {
    if (err === undefined) logger.warn({}, 'store.takes-again');
    else logger.error({ err }, 'store.refuses');
  });
  return { lastCheck: undefined, trouble: () => store.trouble() };
}

function storeCheck(store: EmbeddedStore['store']): ReadinessCheck {
  const trouble = store.trouble();
  if (trouble !== undefined) return { name: 'store', ok: false, detail: trouble.message };
  if (store.isFull()) return { name: 'store', ok: false, detail: 'too much waits to be written' };
  return { name: 'store', ok: true };
}

function diskCheck(folder: string): ReadinessCheck {
  const { diskFreeBytes } = folderFigures(folder);
  return { name: 'disk', ok: true, detail: `${formatBytes(diskFreeBytes)} free` };
}

function databaseCheck({ lastCheck }: StoreWatch): ReadinessCheck {
  if (lastCheck === undefined) return { name: 'database', ok: true, detail: 'looked through every night' };
  const at = `looked through ${new Date(lastCheck.at).toISOString()}`;
  const { faults } = lastCheck;
  return {
    name: 'database',
    ok: faults.length === 0,
    detail: faults.length === 0 ? at : `${at}: ${faults.join('; ')}`,
  };
}

export async function readiness(
  folder: string,
  { store, reader }: EmbeddedStore,
  watch: StoreWatch,
): Promise<Readiness> {
  const { lagRecords } = await reader.tally();
  const checks: ReadinessCheck[] = [
    storeCheck(store),
    diskCheck(folder),
    databaseCheck(watch),
    { name: 'detect', ok: true, detail: `${String(lagRecords)} records behind` },
  ];
  return { ready: checks.every(({ ok }) => ok), checks };
}

export function storeFigures(folder: string, { lastCheck, trouble }: StoreWatch): StoreFigures {
  return {
    ...folderFigures(folder),
    refuses: trouble() !== undefined,
    lastCheckAt: lastCheck?.at ?? null,
    faults: lastCheck?.faults.length ?? 0,
  };
}
