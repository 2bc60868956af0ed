/** Resolves at the first Ctrl-C or request to end; a second one, or ten seconds, ends the process at once. */
import { endAtOnce } from './end-at-once.ts';

const PATIENCE_MS = 10_000;

export function askedToEnd(): Promise<void> {
  return new Promise((resolve) => {
    let asked = false;
    const ask = (): void => {
      if (asked) endAtOnce(130);
      asked = true;
      setTimeout(() => endAtOnce(130), PATIENCE_MS).unref();
      resolve();
    };
    process.on('SIGINT', ask);
    process.on('SIGTERM', ask);
  });
}
