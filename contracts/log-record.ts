/**
 * What stands in the log, the record of truth. Everything that can change a finding is in here, in the order in
 * which it happened: replaying it gives the same findings byte for byte.
 */
import type { DeadLetterReason } from './errors.ts';

interface Stamped {
  /** Receiver's clock in epoch ms; never less than the one before it. */
  readonly received: number;
}

/** A checked report. `body` is the wire form (JSON text of one report). */
export interface ReportRecord extends Stamped {
  readonly kind: 'report';
  readonly site: string;
  readonly device: string;
  readonly body: string;
  /**
   * Stored by its device and sent later, or long after its time. Not kept: it tells a log that has lanes which one to
   * take, so that what is live never waits for what was missed.
   */
  readonly isLate?: true;
}

/** A message that could not be taken in, with everything needed to look at it and to try again. */
export interface DeadRecord extends Stamped {
  readonly kind: 'dead';
  readonly reason: DeadLetterReason;
  readonly detail: string;
  readonly topic: string;
  /** The payload as sent; base64 where it is not UTF-8. */
  readonly payload: string;
  readonly encoding: 'utf8' | 'base64';
}

/** The clock moved on without a report. */
export interface TickRecord extends Stamped {
  readonly kind: 'tick';
  /** The receiver was away until now: silence up to here says nothing about the devices. Read before anything falls due. */
  readonly restarted?: true;
}

/** A registry version took effect: the text of its files, in order. */
export interface RegistryRecord extends Stamped {
  readonly kind: 'registry';
  readonly files: readonly { readonly name: string; readonly text: string }[];
  /** Name under which the files are kept where the log holds no texts; states then name it instead of the files. */
  readonly digest?: string;
}

/** An order was entered or changed through the API (`body`: JSON of a WireOrder); the same id again replaces it. */
export interface OrderRecord extends Stamped {
  readonly kind: 'order';
  readonly body: string;
  readonly by: string;
}

/** A mark was entered through the API (`body`: JSON of a WireMark). */
export interface MarkRecord extends Stamped {
  readonly kind: 'mark';
  readonly body: string;
  readonly by: string;
}

/** A dead letter was sent through ingest again; what came of it stands right behind this record. */
export interface RedriveRecord extends Stamped {
  readonly kind: 'redrive';
  readonly deadLetter: string;
  readonly by: string;
}

export type LogEntry =
  ReportRecord | DeadRecord | TickRecord | RegistryRecord | OrderRecord | MarkRecord | RedriveRecord;

/** An entry with its place: offsets ascend by one in a partition. */
export type LogRecord = LogEntry & { readonly offset: number };
