/** `stackwarden export --log OUT`: the whole log as NDJSON, also of a running system. */
import { closeDatabase, openForReading } from '../../backends/sqlite/open-database.ts';
import { SqliteLog } from '../../backends/sqlite/sqlite-log.ts';
import { EXIT } from '../exit-code.ts';
import { openLineOutput } from '../line-output.ts';
import { createProgress } from '../progress.ts';

const AT_ONCE = 2_000;

/** What was in the log when it began; what is appended meanwhile is left out. @returns the exit code */
export async function runExportLog(folder: string, path: string, err: { write(text: string): void }): Promise<number> {
  const database = openForReading(folder);
  try {
    const log = new SqliteLog(database);
    // Registries, orders and marks are kept for ever, from before the first report that is.
    const { next } = log.bounds();
    const first = 0;
    const output = await openLineOutput(path);
    const progress = createProgress('records');
    for (let at = first; at < next;) {
      const records = log.read(at, Math.min(AT_ONCE, next - at));
      const last = records.at(-1);
      if (last === undefined) break;
      for (const record of records) await output.write(record);
      at = last.offset + 1;
      progress.update(at - first);
    }
    progress.end();
    await output.close();
    err.write(`${String(next - first)} records, offsets ${String(first)} to ${String(next - 1)}\n`);
  } finally {
    closeDatabase(database);
  }
  return EXIT.done;
}
