/** Entry of the thread that looks through a whole database. */
import { setTimeout as pause } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { InvariantError } from '../../contracts/errors.ts';
import { checkContent } from './content-check.ts';
import type { Database } from './database.ts';
import { toPlainError } from './error-transfer.ts';
import { openForReading } from './open-database.ts';
import { isDamage } from './sqlite-errors.ts';

if (parentPort === null) throw new InvariantError('check-worker.ts runs as a thread only');
const port = parentPort;
const MOST_FAULTS = 20;
/** It rests as long as it worked: the system comes first. */
const SLICE_MS = 50;

/** Table by table: one look through all of them would keep the write-ahead log from being begun anew for long. */
function tables(database: Database): readonly string[] {
  const rows = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all() as { name: string }[];
  return rows.map(({ name }) => name);
}

function* pages(database: Database): Generator<readonly string[]> {
  for (const table of tables(database)) {
    const rows = database.prepare(`PRAGMA integrity_check(${table})`).all() as { integrity_check: string }[];
    yield rows.map((row) => row.integrity_check).filter((line) => line !== 'ok');
  }
}

async function check(database: Database): Promise<string[]> {
  const faults: string[] = [];
  let sliceAt = performance.now();
  try {
    for (const work of [pages(database), checkContent(database)]) {
      for (const slice of work) {
        faults.push(...slice);
        if (faults.length >= MOST_FAULTS) return faults.slice(0, MOST_FAULTS);
        const workedMs = performance.now() - sliceAt;
        if (workedMs < SLICE_MS) continue;
        await pause(workedMs);
        sliceAt = performance.now();
      }
    }
  } catch (error) {
    if (!isDamage(error)) throw error;
    faults.push((error as Error).message);
  }
  return faults;
}

try {
  const database = openForReading((workerData as { folder: string }).folder);
  port.postMessage({ faults: await check(database) });
  database.close();
} catch (error) {
  port.postMessage({ error: toPlainError(error) });
}
port.close();
