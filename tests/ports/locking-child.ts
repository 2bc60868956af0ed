/** Locks the folder it is given, says so, and holds the lock until it is killed. */
import { lockFolder } from '../../backends/sqlite/folder-lock.ts';

lockFolder(process.argv[2] ?? '');
process.stdout.write('locked\n');
setInterval(() => {}, 1_000_000);
