/**
 * How far the clock of receive times was at a place of the log, for whoever begins to read there. A record counts as
 * received no earlier than any before it, and what was moved from the backlog is older than what stands before it, for
 * however long the moving went on: the last few records do not tell. Ticks do, for they are written when they are
 * stamped: nothing before a tick is much younger than the tick, so that what is younger by more was received last.
 */
import type { LogRecord } from '../../contracts/log-record.ts';

/** Records of the log in [fromOffset, toOffset), in any order, with the receive times that they were written with. */
export type ReadPiece = (
  fromOffset: number,
  toOffset: number,
) => AsyncIterable<readonly Pick<LogRecord, 'kind' | 'received'>[]>;

/** How much younger than a tick a record may be that stands before it: half of it for a tick that waited to be written. */
const SLACK_MS = 60_000;
/** Records that are looked at first: enough where nothing is being moved. */
const FIRST_PIECE = 1_000;
/** Each piece before is so much longer. */
const GROWTH = 8;

/**
 * The latest receive time before an offset, as far back as the log is kept; 0 where nothing stands before it. Reads
 * backwards until nothing further back can be later, in pieces.
 */
export async function clockBefore(offset: number, read: ReadPiece): Promise<number> {
  let clock = 0;
  let earliestTick = Number.POSITIVE_INFINITY;
  let length = FIRST_PIECE;
  for (let to = offset; to > 0; to -= length, length *= GROWTH) {
    let found = 0;
    for await (const records of read(Math.max(0, to - length), to)) {
      found += records.length;
      for (const { kind, received } of records) {
        clock = Math.max(clock, received);
        if (kind === 'tick') earliestTick = Math.min(earliestTick, received);
      }
    }
    // Nothing that far back is kept, or it is certain.
    if (found === 0 || clock - earliestTick >= SLACK_MS) break;
  }
  return clock;
}
