/** Lines of NDJSON files, plain, gzipped or zstd, as text with where they stand. */
import { createReadStream } from 'node:fs';
import { access } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { Decompress } from 'fzstd';
import { InputError } from '../contracts/errors.ts';

async function* zstdChunks(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const ready: Buffer[] = [];
  const decompress = new Decompress((chunk) => {
    ready.push(Buffer.from(chunk));
  });
  for await (const chunk of source) {
    decompress.push(chunk);
    yield* ready.splice(0);
  }
  decompress.push(new Uint8Array(0), true);
  yield* ready.splice(0);
}

/** Bytes of a file as they are meant; `-` is standard input. */
async function openBytes(path: string): Promise<AsyncIterable<Buffer>> {
  if (path === '-') return process.stdin as AsyncIterable<Buffer>;
  try {
    await access(path);
  } catch (error) {
    throw new InputError(`cannot read ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const raw = createReadStream(path, { highWaterMark: 1 << 18 });
  if (path.endsWith('.gz')) return raw.pipe(createGunzip({ chunkSize: 1 << 18 }));
  return path.endsWith('.zst') ? zstdChunks(raw as AsyncIterable<Buffer>) : (raw as AsyncIterable<Buffer>);
}

/**
 * Batches of lines, without their ends; empty lines are left out by the reader of the lines.
 * @throws InputError where the file cannot be read or unpacked
 */
export async function* readLines(path: string): AsyncGenerator<readonly string[]> {
  const bytes = await openBytes(path);
  const decoder = new TextDecoder('utf-8');
  let rest = '';
  try {
    for await (const chunk of bytes) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      if (lines.length > 0) yield lines;
    }
  } catch (error) {
    throw new InputError(`cannot read ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
  rest += decoder.decode();
  if (rest !== '') yield [rest];
}
