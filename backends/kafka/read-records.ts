/** Messages of the log as records: what strangers wrote is set aside, and registries come with their files. */
import type { Message } from 'node-rdkafka';
import { InvariantError } from '../../contracts/errors.ts';
import type { LogRecord } from '../../contracts/log-record.ts';
import { decodeRecord } from './record-wire.ts';
import type { RegistryShelf } from './registry-shelf.ts';

/** What is no record of ours, as what it is: something that could not be read, at its place. */
function unreadable({ topic, partition, offset, value }: Message, error: InvariantError): LogRecord {
  return {
    kind: 'dead',
    offset,
    // As late as what stands before it, whatever time strangers gave it: a clock that was pushed ahead stays there.
    received: 0,
    reason: 'payload-not-json',
    detail: `${error.message}; it stands in ${topic}/${String(partition)} and was not written by ingest`,
    topic: `${topic}/${String(partition)}`,
    payload: (value ?? Buffer.alloc(0)).toString('base64'),
    encoding: 'base64',
  };
}

export function recordOf(message: Message): LogRecord {
  try {
    return decodeRecord(message.value ?? Buffer.alloc(0), String(message.key ?? ''), message.offset);
  } catch (error) {
    if (error instanceof InvariantError) return unreadable(message, error);
    throw error;
  }
}

/** Registries with their files; all else as it is. @throws UnavailableError where the files cannot be had now */
export async function withFiles(records: readonly LogRecord[], shelf: RegistryShelf): Promise<LogRecord[]> {
  const whole: LogRecord[] = [];
  for (const record of records) {
    const { digest } = record as { readonly digest?: string };
    const hasFiles = record.kind === 'registry' && digest !== undefined;
    whole.push(hasFiles ? { ...record, files: await shelf.files(digest) } : record);
  }
  return whole;
}

/** @throws UnavailableError where a registry's files cannot be had now, or a later version wrote a record */
export function readRecords(messages: readonly Message[], shelf: RegistryShelf): Promise<LogRecord[]> {
  return withFiles(messages.map(recordOf), shelf);
}
