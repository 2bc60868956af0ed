import { closeDatabase, openForReading, openForWriting } from '../../backends/sqlite/open-database.ts';
import { SqliteDetectionStore, toAsyncDetectionStore } from '../../backends/sqlite/sqlite-detection-store.ts';
import { SqliteLog, toAsyncLog } from '../../backends/sqlite/sqlite-log.ts';
import { SqliteReadModel } from '../../backends/sqlite/sqlite-read-model.ts';
import { describeReadModel } from './read-model.suite.ts';
import { temporaryFolder } from './sqlite-folder.ts';

describeReadModel('sqlite', async () => {
  const { folder, remove } = temporaryFolder();
  const database = openForWriting(folder);
  const reader = openForReading(folder);
  return {
    log: toAsyncLog(new SqliteLog(database)),
    store: toAsyncDetectionStore(new SqliteDetectionStore(database)),
    model: new SqliteReadModel(reader),
    close: async () => {
      reader.close();
      closeDatabase(database);
      remove();
    },
  };
});
