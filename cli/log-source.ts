/** An exported log as records: one a line, in the order of its offsets. */
import { createHash } from 'node:crypto';
import { InputError } from '../contracts/errors.ts';
import type { LogRecord, RegistryRecord } from '../contracts/log-record.ts';
import { isPartitionHead } from './log-files.ts';
import { readLines } from './report-lines.ts';

const KINDS: ReadonlySet<unknown> = new Set(['report', 'dead', 'tick', 'registry', 'order', 'mark', 'redrive']);

function isRecord(value: unknown): value is LogRecord {
  if (typeof value !== 'object' || value === null) return false;
  const record = value as Partial<Record<keyof LogRecord, unknown>>;
  return KINDS.has(record.kind) && typeof record.received === 'number' && typeof record.offset === 'number';
}

/** @returns undefined for the line that says whose the file is */
function parse(text: string, place: string): LogRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new InputError(`${place}: not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (isPartitionHead(value)) return undefined;
  if (!isRecord(value))
    throw new InputError(`${place}: not a record of a log; export one with \`stackwarden export --log\``);
  return value;
}

/** The same files each time: a registry stands in every partition, and is read once. */
type SameFiles = (record: RegistryRecord) => RegistryRecord['files'];

export function createSameFiles(): SameFiles {
  const known = new Map<string, RegistryRecord['files']>();
  return ({ files }) => {
    const text = JSON.stringify(files);
    const digest = createHash('sha256').update(text).digest('hex');
    const same = known.get(digest) ?? files;
    known.set(digest, same);
    return same;
  };
}

/** @throws InputError with file and line for anything that is no record: a log is whole or it is none */
export async function* readLogRecords(
  paths: readonly string[],
  sameFiles: SameFiles = createSameFiles(),
): AsyncGenerator<readonly LogRecord[]> {
  let last = Number.NEGATIVE_INFINITY;
  for (const path of paths) {
    let line = 0;
    for await (const lines of readLines(path)) {
      const records: LogRecord[] = [];
      for (const text of lines) {
        line += 1;
        if (text.trim() === '') continue;
        const record = parse(text, `${path}:${String(line)}`);
        if (record === undefined) continue;
        if (record.offset <= last)
          throw new InputError(
            `${path}:${String(line)}: offset ${String(record.offset)} after ${String(last)}; give the files in the order of their export`,
          );
        last = record.offset;
        records.push(record.kind === 'registry' ? { ...record, files: sameFiles(record) } : record);
      }
      yield records;
    }
  }
}
