/** NDJSON to a file or, for `-`, to standard output; waits where the other side is slow. */
import { createWriteStream } from 'node:fs';
import { dirname } from 'node:path';
import { access, constants } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { CannotWriteError } from '../contracts/errors.ts';

export interface LineOutput {
  write(value: unknown): Promise<void>;
  /** Resolves when everything is with the operating system. */
  close(): Promise<void>;
}

const FLUSH_CHARACTERS = 1 << 16;

/** Leaves no listener behind: a long output waits thousands of times. */
function drainedOrClosed(sink: Writable, file: Writable): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      sink.off('drain', done);
      file.off('close', done);
      resolve();
    };
    sink.on('drain', done);
    file.on('close', done);
  });
}

/** So that hours of work are not begun for a file that cannot be made. @throws CannotWriteError */
export async function expectWritable(path: string): Promise<void> {
  if (path === '-') return;
  try {
    await access(dirname(path), constants.W_OK);
  } catch (error) {
    throw new CannotWriteError(`cannot write ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** @throws CannotWriteError where the file cannot be made */
export async function openLineOutput(path: string): Promise<LineOutput> {
  await expectWritable(path);
  const file = path === '-' ? process.stdout : createWriteStream(path);
  const gzip = path.endsWith('.gz') ? createGzip() : undefined;
  const sink: Writable = gzip ?? file;
  if (gzip !== undefined) gzip.pipe(file);
  const failures: CannotWriteError[] = [];
  const fail = (error: Error): void => {
    failures.push(new CannotWriteError(`cannot write ${path}: ${error.message}`));
  };
  const throwFailure = (): void => {
    const [first] = failures;
    if (first !== undefined) throw first;
  };
  file.on('error', fail);
  gzip?.on('error', fail);
  let text = '';
  const flush = async (): Promise<void> => {
    throwFailure();
    const block = text;
    text = '';
    if (block !== '' && !sink.write(block)) await drainedOrClosed(sink, file);
    throwFailure();
  };
  return {
    async write(value) {
      text += `${JSON.stringify(value)}\n`;
      if (text.length >= FLUSH_CHARACTERS) await flush();
    },
    async close() {
      await flush();
      if (path === '-') return;
      sink.end();
      try {
        await finished(file);
      } catch (error) {
        fail(error instanceof Error ? error : new Error(String(error)));
      }
      throwFailure();
    },
  };
}
