/** The data folder in use: its lock, the store's thread with the detector, the readers' thread, the credentials. */
import { lockFolder } from '../backends/sqlite/folder-lock.ts';
import { ReaderThread } from '../backends/sqlite/reader-client.ts';
import { SqliteCredentials } from '../backends/sqlite/sqlite-credentials.ts';
import { StoreThread } from '../backends/sqlite/store-thread.ts';
import { InvariantError } from '../contracts/errors.ts';
import type { RegistryText } from '../contracts/registry/read-registry.ts';
import type { DetectorMessage } from './embedded-detector.ts';

export interface EmbeddedStore {
  readonly store: StoreThread;
  readonly reader: ReaderThread;
  readonly credentials: SqliteCredentials;
  /** Registry files that the log put into force last; null for a new folder. */
  readonly registryFiles: readonly RegistryText[] | null;
  onRegistry(listener: (files: readonly RegistryText[]) => void): void;
  /** When something falls due without a report, as the detector said last; undefined = never. */
  nextDue(): number | undefined;
  close(): Promise<void>;
}

/** The detector's module beside this one, as source or as built. */
function detectorModule(): string {
  const name = import.meta.url.endsWith('.ts') ? './embedded-detector.ts' : './embedded-detector.js';
  return new URL(name, import.meta.url).href;
}

function listen(store: StoreThread): {
  first: Promise<readonly RegistryText[] | null>;
  set(listener: (files: readonly RegistryText[]) => void): void;
  nextDue(): number | undefined;
} {
  let nextDue: number | undefined;
  let told: (files: readonly RegistryText[]) => void = () => undefined;
  let answer: (files: readonly RegistryText[] | null) => void = () => undefined;
  const first = new Promise<readonly RegistryText[] | null>((resolve, reject) => {
    answer = resolve;
    void store.ended().then((error) => {
      reject(error ?? new InvariantError('the store ended before it was ready'));
    });
  });
  store.onDetectorMessage((value) => {
    const message = value as DetectorMessage;
    if (message.type === 'next-due') nextDue = message.at ?? undefined;
    else {
      answer(message.files);
      if (message.files !== null) told(message.files);
    }
  });
  store.tellDetector('registry?');
  return {
    first,
    set: (listener) => {
      told = listener;
    },
    nextDue: () => nextDue,
  };
}

/** @throws UnavailableError where another process has the folder, CannotWriteError, ConfigError as the parts do */
export async function openEmbeddedStore(folder: string): Promise<EmbeddedStore> {
  const lock = lockFolder(folder);
  try {
    const store = await StoreThread.start({ folder, detector: { module: detectorModule(), init: null } });
    const heard = listen(store);
    const registryFiles = await heard.first;
    const reader = await ReaderThread.start(folder);
    const credentials = new SqliteCredentials(folder);
    return {
      store,
      reader,
      credentials,
      registryFiles,
      onRegistry: (listener) => {
        heard.set(listener);
      },
      nextDue: () => heard.nextDue(),
      async close() {
        await reader.close();
        await store.close();
        credentials.close();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}
