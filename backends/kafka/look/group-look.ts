/** A group of readers: who is in it, and how far it is. */
import { UnavailableError } from '../../../contracts/errors.ts';
import { API } from './api.ts';
import { ByteWriter } from './bytes.ts';
import type { BrokerConnection } from './broker-connection.ts';
import type { Address } from './open-socket.ts';

export interface FoundGroup {
  /** As Kafka has it: Stable, Empty, Dead, PreparingRebalance, CompletingRebalance. */
  readonly state: string;
  /** Client and host of each. */
  readonly members: readonly string[];
}

const GROUP = 0;

function expectNoFault(fault: number, what: string): void {
  if (fault !== 0) throw new UnavailableError(`${what}: Kafka answers error ${String(fault)}`);
}

/** The broker that knows the group. @throws UnavailableError */
export async function findCoordinator(connection: BrokerConnection, group: string): Promise<Address> {
  const answer = await connection.ask(API.findCoordinator, new ByteWriter().text(group).int8(GROUP).bytes());
  answer.int32();
  expectNoFault(answer.int16(), `who keeps group ${group}`);
  answer.text();
  answer.int32();
  return { host: answer.text() ?? '', port: answer.int32() };
}

/** @throws UnavailableError */
export async function askGroup(coordinator: BrokerConnection, group: string): Promise<FoundGroup> {
  const request = new ByteWriter();
  request.list([group], (name) => request.text(name));
  const answer = await coordinator.ask(API.describeGroups, request.bytes());
  answer.int32();
  const [found] = answer.list(() => {
    expectNoFault(answer.int16(), `group ${group}`);
    answer.text();
    const state = answer.text() ?? '';
    answer.text();
    answer.text();
    const members = answer.list(() => {
      answer.text();
      const client = answer.text() ?? '';
      const host = answer.text() ?? '';
      answer.block();
      answer.block();
      return `${client}${host}`;
    });
    return { state, members };
  });
  return found ?? { state: 'Dead', members: [] };
}

/** Next offset that the group reads, by partition; what it never began is not in it. @throws UnavailableError */
export async function askCommitted(
  coordinator: BrokerConnection,
  group: string,
  { name, partitions }: { readonly name: string; readonly partitions: number },
): Promise<ReadonlyMap<number, number>> {
  const all = Array.from({ length: partitions }, (_, partition) => partition);
  const request = new ByteWriter().text(group);
  request.list([name], (topic) => request.text(topic).list(all, (partition) => request.int32(partition)));
  const answer = await coordinator.ask(API.offsetFetch, request.bytes());
  answer.int32();
  const found = answer.list(() => {
    answer.text();
    return answer.list(() => {
      const place = [answer.int32(), answer.int64()] as const;
      answer.text();
      expectNoFault(answer.int16(), `how far group ${group} is`);
      return place;
    });
  });
  expectNoFault(answer.int16(), `how far group ${group} is`);
  return new Map(found.flat().filter(([, offset]) => offset >= 0));
}
