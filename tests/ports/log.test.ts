import { MemoryLog } from '../../backends/memory/memory-log.ts';
import { closeDatabase, openForWriting } from '../../backends/sqlite/open-database.ts';
import { SqliteLog, toAsyncLog } from '../../backends/sqlite/sqlite-log.ts';
import { describeLog } from './log.suite.ts';
import { temporaryFolder } from './sqlite-folder.ts';

describeLog('memory', async () => ({ log: new MemoryLog(), close: async () => {} }));

describeLog('sqlite', async () => {
  const { folder, remove } = temporaryFolder();
  let database = openForWriting(folder);
  return {
    log: toAsyncLog(new SqliteLog(database)),
    reopen: async () => {
      closeDatabase(database);
      database = openForWriting(folder);
      return toAsyncLog(new SqliteLog(database));
    },
    close: async () => {
      closeDatabase(database);
      remove();
    },
  };
});
