/** A line that tells how far a long command is: on a terminal only, and only once it takes longer than two seconds. */
export interface Progress {
  update(done: number): void;
  end(): void;
}

const PATIENCE_MS = 2_000;
const EVERY_MS = 250;

export function createProgress(unit: string, stream: NodeJS.WriteStream = process.stderr): Progress {
  if (!stream.isTTY) return { update: () => undefined, end: () => undefined };
  const begin = Date.now();
  let last = 0;
  return {
    update(done) {
      const now = Date.now();
      if (now - begin < PATIENCE_MS || now - last < EVERY_MS) return;
      last = now;
      const seconds = (now - begin) / 1_000;
      stream.write(
        `\r${done.toLocaleString('en')} ${unit}, ${Math.round(done / seconds).toLocaleString('en')}/s, ${seconds.toFixed(0)} s `,
      );
    },
    end() {
      if (last !== 0) stream.write('\r\u001b[K');
    },
  };
}
