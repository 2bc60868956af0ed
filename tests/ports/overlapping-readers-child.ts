/** Reads the folder it is given so that at any moment somebody reads: two connections in turn, each for 15 ms. */
import { setTimeout as pause } from 'node:timers/promises';
import { openForReading } from '../../backends/sqlite/open-database.ts';

const readers = [0, 1].map(() => openForReading(process.argv[2] ?? ''));
let current = 0;
readers[current]?.exec('BEGIN; SELECT count(*) FROM log');
process.stdout.write('reading\n');
for (;;) {
  await pause(15);
  const next = 1 - current;
  readers[next]?.exec('BEGIN; SELECT count(*) FROM log');
  readers[current]?.exec('COMMIT');
  current = next;
}
