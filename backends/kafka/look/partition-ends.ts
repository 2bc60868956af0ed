/** How far partitions reach, and when what stands in them was written: told by the heads of batches, however packed. */
import { UnavailableError } from '../../../contracts/errors.ts';
import { API } from './api.ts';
import { ByteReader, ByteWriter } from './bytes.ts';
import type { BrokerConnection } from './broker-connection.ts';

const EARLIEST = -2;
const LATEST = -1;
const COMMITTED = 1;
const NO_REPLICA = -1;
const MOST_BYTES = 64 * 1024 * 1024;
const HEAD_BYTES = 61;
const CONTROL = 0x20;

/** First offsets that are kept, or those behind the last that are committed, by partition. @throws UnavailableError */
export async function askOffsets(
  leader: BrokerConnection,
  topic: string,
  { partitions, at }: { readonly partitions: readonly number[]; readonly at: 'start' | 'end' },
): Promise<ReadonlyMap<number, number>> {
  const time = at === 'start' ? EARLIEST : LATEST;
  const request = new ByteWriter().int32(NO_REPLICA).int8(COMMITTED);
  request.list([topic], (name) =>
    request.text(name).list(partitions, (partition) => request.int32(partition).int64(time)),
  );
  const answer = await leader.ask(API.listOffsets, request.bytes());
  answer.int32();
  const found = answer.list(() => {
    answer.text();
    return answer.list(() => {
      const partition = answer.int32();
      const fault = answer.int16();
      if (fault !== 0) throw new UnavailableError(`partition ${String(partition)} of ${topic}: error ${String(fault)}`);
      answer.int64();
      return [partition, answer.int64()] as const;
    });
  });
  return new Map(found.flat());
}

/** The head of a batch of messages. */
export interface BatchHead {
  readonly lastOffset: number;
  /** Epoch ms, of who wrote them. */
  readonly firstAt: number;
  readonly lastAt: number;
  /** The end of a transaction: no message. */
  readonly isMark: boolean;
}

/** undefined where it is cut off, or of a format before Kafka 0.11. */
function readHead(batch: Buffer): BatchHead | undefined {
  if (batch.length < HEAD_BYTES || batch.readInt8(16) !== 2) return undefined;
  const head = new ByteReader(batch.subarray(21));
  const attributes = head.int16();
  const lastOffset = Number(batch.readBigInt64BE(0)) + head.int32();
  return { lastOffset, firstAt: head.int64(), lastAt: head.int64(), isMark: (attributes & CONTROL) !== 0 };
}

/** The batch in which an offset stands, or the next one; undefined where nothing committed follows. */
export async function askBatch(
  leader: BrokerConnection,
  topic: string,
  place: { readonly partition: number; readonly offset: number },
): Promise<BatchHead | undefined> {
  const request = new ByteWriter().int32(NO_REPLICA).int32(0).int32(0).int32(MOST_BYTES).int8(COMMITTED);
  // One byte: one batch, which comes whole however long it is.
  request.list([topic], (name) =>
    request.text(name).list([place], ({ partition, offset }) => request.int32(partition).int64(offset).int32(1)),
  );
  const answer = await leader.ask(API.fetch, request.bytes());
  answer.int32();
  const [found] = answer
    .list(() => {
      answer.text();
      return answer.list(() => {
        answer.int32();
        const fault = answer.int16();
        if (fault !== 0)
          throw new UnavailableError(`partition ${String(place.partition)} of ${topic}: error ${String(fault)}`);
        answer.int64();
        answer.int64();
        answer.list(() => [answer.int64(), answer.int64()]);
        return answer.block();
      });
    })
    .flat();
  return found === undefined ? undefined : readHead(found);
}
