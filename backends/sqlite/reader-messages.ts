/** What the main thread asks a reader thread; it answers as `ThreadAnswer` says. */
import type { ReadModel } from '../../contracts/ports/read-model.ts';

export interface ReaderThreadData {
  readonly folder: string;
}

export type ToReader =
  | {
      readonly type: 'ask';
      readonly id: number;
      readonly question: keyof ReadModel;
      readonly ask: readonly unknown[];
    }
  | { readonly type: 'close' };
