/** What the main thread asks a reader thread; it answers as `ThreadAnswer` says. */
import type { ReadModel } from '../../contracts/ports/read-model.ts';

/** What is in the folder: a store of its own, or a copy of what stands in Kafka. */
export type FolderKind = 'store' | 'projection';

export interface ReaderThreadData {
  readonly folder: string;
  readonly kind: FolderKind;
}

export type ToReader =
  | {
      readonly type: 'ask';
      readonly id: number;
      readonly question: keyof ReadModel;
      readonly ask: readonly unknown[];
    }
  | { readonly type: 'close' };
