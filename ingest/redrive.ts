/** Sends a dead letter through ingest again, as it would be taken in now. */
import type { LogEntry } from '../contracts/log-record.ts';
import type { DeadLetter } from '../contracts/ports/detection-store.ts';
import type { Registry } from '../contracts/registry/registry.ts';
import { admit, refuseMessage } from './admit.ts';

export interface Redriving {
  /** Name of the key or user that asked for it. */
  readonly by: string;
  /** Receiver's clock, epoch ms. */
  readonly received: number;
  readonly registry: Registry;
}

/**
 * The entries to append in one call: the record of the redriving, then what topic and payload make with the registry
 * as it is now — a report, or a new dead letter. A payload that was cut when it was refused stays a dead letter: what
 * is left of it is not what was sent.
 */
export function redrive(letter: DeadLetter, { by, received, registry }: Redriving): LogEntry[] {
  const payload = Buffer.from(letter.payload, letter.encoding);
  const message = { topic: letter.topic, payload, received };
  const record: LogEntry = { kind: 'redrive', received, deadLetter: letter.id, by };
  if (letter.reason === 'payload-too-long') {
    return [record, refuseMessage(message, { reason: letter.reason, detail: letter.detail })];
  }
  return [record, ...admit(message, registry)];
}
