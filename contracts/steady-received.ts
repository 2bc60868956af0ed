/**
 * Receive times that never go back. Several receivers write into one partition, and their clocks differ by a little:
 * a record counts as received no earlier than the one before it. So that a later owner, who begins somewhere in the
 * middle, comes to the same times, the time before each batch is remembered until nobody begins there any more.
 */
import type { LogRecord } from './log-record.ts';

/** Where reading may begin, and the latest receive time before it. */
export interface ReadMark {
  readonly offset: number;
  readonly clock: number;
}

export interface SteadyReceived {
  /** The records with their receive times as they count. */
  steady(records: readonly LogRecord[]): readonly LogRecord[];
  /** The latest mark at or before an offset; those before it are forgotten. */
  markBefore(offset: number): ReadMark;
}

/** Before every record. */
export const BEGINNING: ReadMark = { offset: 0, clock: 0 };

export function createSteadyReceived(begin: ReadMark = BEGINNING): SteadyReceived {
  let { clock } = begin;
  let marks: readonly ReadMark[] = [begin];
  return {
    steady(records) {
      const [first] = records;
      if (first !== undefined) marks = [...marks, { offset: first.offset, clock }];
      return records.map((record) => {
        if (record.received >= clock) {
          clock = record.received;
          return record;
        }
        return { ...record, received: clock };
      });
    },
    markBefore(offset) {
      const found = marks.findLastIndex((mark) => mark.offset <= offset);
      marks = marks.slice(Math.max(0, found));
      return marks[0] ?? begin;
    },
  };
}
