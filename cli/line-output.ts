/** NDJSON to a file or, for `-`, to standard output; waits where the other side is slow. */
import { once } from 'node:events';
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

/** @throws CannotWriteError where the file cannot be made */
export async function openLineOutput(path: string): Promise<LineOutput> {
  if (path !== '-') {
    try {
      await access(dirname(path), constants.W_OK);
    } catch (error) {
      throw new CannotWriteError(`cannot write ${path}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  const file = path === '-' ? process.stdout : createWriteStream(path);
  const gzip = path.endsWith('.gz') ? createGzip() : undefined;
  const sink: Writable = gzip ?? file;
  if (gzip !== undefined) gzip.pipe(file);
  let failure: Error | undefined;
  const fail = (error: Error): void => {
    failure ??= new CannotWriteError(`cannot write ${path}: ${error.message}`);
  };
  file.on('error', fail);
  gzip?.on('error', fail);
  let text = '';
  const flush = async (): Promise<void> => {
    if (failure !== undefined) throw failure;
    const block = text;
    text = '';
    if (block !== '' && !sink.write(block)) await Promise.race([once(sink, 'drain'), once(file, 'close')]);
    if (failure !== undefined) throw failure;
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
      if (failure !== undefined) throw failure;
    },
  };
}
