import { MemoryDetectionStore } from '../../backends/memory/memory-detection-store.ts';
import { closeDatabase, openForWriting } from '../../backends/sqlite/open-database.ts';
import { SqliteDetectionStore, toAsyncDetectionStore } from '../../backends/sqlite/sqlite-detection-store.ts';
import { SqliteLog } from '../../backends/sqlite/sqlite-log.ts';
import { reportEntry } from './builders.ts';
import { describeDetectionStore } from './detection-store.suite.ts';
import { temporaryFolder } from './sqlite-folder.ts';

describeDetectionStore('memory', async () => ({ store: new MemoryDetectionStore(), close: async () => {} }));

describeDetectionStore('sqlite', async () => {
  const { folder, remove } = temporaryFolder();
  let database = openForWriting(folder);
  // Detection cannot have read more than there is.
  new SqliteLog(database).append(Array.from({ length: 100 }, () => reportEntry()));
  return {
    store: toAsyncDetectionStore(new SqliteDetectionStore(database)),
    reopen: async () => {
      closeDatabase(database);
      database = openForWriting(folder);
      return toAsyncDetectionStore(new SqliteDetectionStore(database));
    },
    close: async () => {
      closeDatabase(database);
      remove();
    },
  };
});
