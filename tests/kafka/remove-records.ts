/** What retention does after days, at once: the client has no call for it. */
import type { API, Api } from '../../backends/kafka/look/api.ts';
import { connectBroker } from '../../backends/kafka/look/broker-connection.ts';
import { ByteWriter } from '../../backends/kafka/look/bytes.ts';
import { UnavailableError } from '../../contracts/errors.ts';

const DELETE_RECORDS = { key: 21, version: 1 } as unknown as (typeof API)['fetch'] satisfies Api;
const WITHIN_MS = 10_000;

/** Removes what stands before an offset. @param brokers with one broker, which leads everything */
export async function removeBefore(
  brokers: string,
  { topic, partition, offset }: { readonly topic: string; readonly partition: number; readonly offset: number },
): Promise<void> {
  const [host = '', port = ''] = brokers.split(',')[0]?.split(':') ?? [];
  const broker = await connectBroker({ host, port: Number(port) }, AbortSignal.timeout(WITHIN_MS));
  try {
    const request = new ByteWriter();
    request.list([topic], (name) => request.text(name).list([offset], (at) => request.int32(partition).int64(at)));
    const answer = await broker.ask(DELETE_RECORDS, request.int32(WITHIN_MS).bytes());
    answer.int32();
    const faults = answer.list(() => {
      answer.text();
      return answer.list(() => {
        answer.int32();
        answer.int64();
        return answer.int16();
      });
    });
    const fault = faults.flat().find((code) => code !== 0);
    if (fault !== undefined) throw new UnavailableError(`remove records of ${topic}: error ${String(fault)}`);
  } finally {
    broker.close();
  }
}
