/** Resolves at the first Ctrl-C or request to end; a second one, or ten seconds, ends the process at once. */
const PATIENCE_MS = 10_000;

export function askedToEnd(): Promise<void> {
  return new Promise((resolve) => {
    let asked = false;
    const ask = (): void => {
      if (asked) process.exit(130);
      asked = true;
      setTimeout(() => process.exit(130), PATIENCE_MS).unref();
      resolve();
    };
    process.on('SIGINT', ask);
    process.on('SIGTERM', ask);
  });
}
