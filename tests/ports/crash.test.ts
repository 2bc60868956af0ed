import { expect, it } from 'vitest';
import { checkDatabase, closeDatabase, openForWriting } from '../../backends/sqlite/open-database.ts';
import { SqliteDetectionStore } from '../../backends/sqlite/sqlite-detection-store.ts';
import { SqliteLog } from '../../backends/sqlite/sqlite-log.ts';
import { SqliteReadModel } from '../../backends/sqlite/sqlite-read-model.ts';
import { gone, startChild } from './child.ts';
import { temporaryFolder } from './sqlite-folder.ts';

const CYCLES = 15;

/** Appends in a child until it has acknowledged `count` entries, and kills it there. */
async function killedAfter(count: number, folder: string, run: number): Promise<Map<number, string>> {
  const { child, lines } = startChild('appending-child.ts', folder, String(run));
  const acknowledged = new Map<number, string>();
  for await (const line of lines) {
    const [, offset, body] = /^(\d+) (\S+)$/.exec(line) ?? [];
    // The last line may have been cut off by the kill.
    if (offset !== undefined && body !== undefined && !child.killed) acknowledged.set(Number(offset), body);
    if (acknowledged.size === count) child.kill('SIGKILL');
  }
  await gone(child);
  expect(child.signalCode).toBe('SIGKILL');
  return acknowledged;
}

it(`loses nothing acknowledged and detects nothing twice in ${CYCLES} kills`, { timeout: 300_000 }, async () => {
  const { folder, remove } = temporaryFolder();
  const acknowledged = new Map<number, string>();
  for (let cycle = 1; cycle <= CYCLES; cycle += 1) {
    // Spread over the first few hundred acknowledgements, another point each time.
    for (const [offset, body] of await killedAfter(1 + ((cycle * 211) % 700), folder, cycle))
      acknowledged.set(offset, body);

    const database = openForWriting(folder);
    expect(checkDatabase(database)).toEqual([]);
    const log = new SqliteLog(database);
    const records = log.read(0, 1_000_000);
    expect(records.map(({ offset }) => offset)).toEqual(records.map((_, i) => i));
    const bodies = records.map((record) => (record.kind === 'report' ? record.body : ''));
    const lost = [...acknowledged].filter(([offset, body]) => bodies[offset] !== body);
    expect(lost).toEqual([]);

    const detected = records.slice(0, new SqliteDetectionStore(database).nextOffset());
    const counts = Object.values((await new SqliteReadModel(database).tally()).counts);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(detected.length);
    for (const site of ['s-0', 's-3']) {
      expect(log.readSite(site, 0, records.length)).toEqual(
        records.filter((record) => record.kind === 'report' && record.site === site),
      );
    }
    closeDatabase(database);
  }
  expect(acknowledged.size).toBeGreaterThan(CYCLES * 50);
  remove();
});
