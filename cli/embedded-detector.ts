/** The module that the store's thread loads: the detector beside the log. */
import type { CreateDetector } from '../backends/sqlite/store-loop.ts';
import type { RegistryText } from '../contracts/registry/read-registry.ts';
import { createLocalDetector } from '../detect/runner/local-detector.ts';

/** What the detector's thread tells the main thread; the registry also in answer to any message. */
export type DetectorMessage =
  | { readonly type: 'registry'; readonly files: readonly RegistryText[] | null }
  | { readonly type: 'next-due'; readonly at: number | null };

export const createDetector: CreateDetector = ({ log, detection, tell }) => {
  const say = (message: DetectorMessage): void => {
    tell(message);
  };
  let files: readonly RegistryText[] | null = null;
  let nextDue: number | undefined;
  const detector = createLocalDetector(
    { log, detection },
    {
      onRegistry: (read) => {
        files = read;
        say({ type: 'registry', files });
      },
      onNextDue: (at) => {
        if (at === nextDue) return;
        nextDue = at;
        say({ type: 'next-due', at: at ?? null });
      },
    },
  );
  return {
    ...detector,
    onMessage: () => {
      say({ type: 'registry', files });
    },
  };
};
