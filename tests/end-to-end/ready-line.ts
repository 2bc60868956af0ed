/** The line of JSON with which a command started with `--json` says that it is ready. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

const READY_WITHIN_MS = 60_000;
const LAST_WORDS = 3_000;

/** How a process ended, for whoever did not expect it: its code or signal, and the end of what it said. */
export function describeEnd({ exitCode, signalCode }: ChildProcess, stderr: string): string {
  return `ended with ${String(exitCode ?? signalCode)}; its last words:\n${stderr.slice(-LAST_WORDS)}`;
}

/**
 * @param stderr what the process has said so far
 * @throws where it ends, or a minute goes by, before it is ready
 */
export async function readyLine<Line>(child: ChildProcess, stderr: () => string): Promise<Line> {
  if (child.stdout === null) throw new Error('the process has no standard output');
  const lines = createInterface({ input: child.stdout });
  const signal = AbortSignal.timeout(READY_WITHIN_MS);
  // Not its exit: what it said last may come behind that.
  const gone = once(child, 'close', { signal }).then(() => {
    throw new Error(`before it was ready it ${describeEnd(child, stderr())}`);
  });
  gone.catch(() => undefined);
  const [line] = (await Promise.race([once(lines, 'line', { signal }), gone])) as [string];
  return JSON.parse(line) as Line;
}
