/** The embedded store as a series store: what it commits and what its read model answers. */
import { closeDatabase, openForReading, openForWriting } from '../../backends/sqlite/open-database.ts';
import { SqliteDetectionStore } from '../../backends/sqlite/sqlite-detection-store.ts';
import { SqliteReadModel } from '../../backends/sqlite/sqlite-read-model.ts';
import { commit } from './builders.ts';
import type { SeriesStoreUnderTest } from './series-store.suite.ts';
import { temporaryFolder } from './sqlite-folder.ts';

export async function openSqliteSeries(): Promise<SeriesStoreUnderTest> {
  const { folder, remove } = temporaryFolder();
  const database = openForWriting(folder);
  const reader = openForReading(folder);
  const detection = new SqliteDetectionStore(database);
  const model = new SqliteReadModel(reader);
  return {
    store: {
      async write({ samples, means, findings }) {
        detection.commit(commit({ samples, means, findings }));
        return [];
      },
      series: (query) => model.series(query),
      latest: (site) => model.latest(site),
    },
    close: async () => {
      reader.close();
      closeDatabase(database);
      remove();
    },
  };
}
