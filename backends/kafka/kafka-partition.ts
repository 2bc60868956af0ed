/** One partition of the log on Kafka, as the detector that owns it sees it. */
import { UnavailableError } from '../../contracts/errors.ts';
import type { DetectionCommit } from '../../contracts/ports/detection-store.ts';
import type { OwnedPartition, ReportAt } from '../../contracts/ports/partition.ts';
import type { RegistryText } from '../../contracts/registry/read-registry.ts';
import { createSteadyReceived } from '../../contracts/steady-received.ts';
import { clockBefore } from './clock-before.ts';
import type { Committer } from './committer.ts';
import type { OutgoingMessage } from './durable-producer.ts';
import type { KafkaSettings } from './kafka-settings.ts';
import type { KafkaModule } from './load-client.ts';
import { encodeOutcomes, encodeSamples } from './outcome-wire.ts';
import type { FollowedCommit, PartitionTraces } from './partition-traces.ts';
import { readRange } from './read-range.ts';
import { recordOf } from './read-records.ts';
import { sitePartition } from './site-partition.ts';
import type { StateTable } from './state-table.ts';
import { topicName, type TopicName } from './topics.ts';
import { traceHeaders } from './trace-headers.ts';

export interface KafkaPartitionParts {
  readonly module: KafkaModule;
  readonly settings: KafkaSettings;
  readonly partition: number;
  readonly table: StateTable;
  readonly epoch: number;
  readonly committer: Committer;
  /** First offset that is kept now, asked of Kafka each time. */
  readonly firstKept: () => Promise<number>;
  readonly registries: ReadonlyMap<string, readonly RegistryText[]>;
  /** False once the partition is somebody else's. */
  readonly isOwned: () => boolean;
  /** Records that are followed, where some are. */
  readonly traces?: PartitionTraces | undefined;
  /** Told of the offset behind what was committed. */
  readonly onCommitted?: (next: number) => void;
}

/** Who is told first of what came of a report that is followed gets its context. */
function outputMessages(
  parts: KafkaPartitionParts,
  from: number,
  batch: DetectionCommit,
  followed: FollowedCommit | undefined,
): OutgoingMessage[] {
  const { settings, partition } = parts;
  const message =
    (name: TopicName, key: string) =>
    (value: Buffer): OutgoingMessage => ({ topic: topicName(settings, name), partition, key, value });
  const { samples, findings } = batch;
  const newest = new Map(findings.map((finding) => [finding.id, finding]));
  const all = followed?.contexts ?? [];
  const told = (messages: readonly OutgoingMessage[], contexts: readonly string[]): readonly OutgoingMessage[] => {
    const [first, ...rest] = messages;
    return first === undefined || contexts.length === 0 ? messages : [{ ...first, ...traceHeaders(contexts) }, ...rest];
  };
  return [
    ...told(encodeSamples(samples).map(message('samples', '')), all),
    ...told(encodeOutcomes(from, batch).map(message('outcomes', '')), all),
    ...[...newest].map(([id, finding]) => {
      const context = followed?.contextOf(finding);
      const made = message('findings', id)(Buffer.from(JSON.stringify(finding)));
      return context === undefined ? made : { ...made, ...traceHeaders([context]) };
    }),
  ];
}

/**
 * The report records of a range of offsets, in order, with receive times as they counted when they were read first.
 * @throws RemovedError where some of it is no longer kept, UnavailableError
 */
export async function* readReports(
  { module, settings, partition }: Pick<KafkaPartitionParts, 'module' | 'settings' | 'partition'>,
  fromOffset: number,
  toOffset: number,
): AsyncGenerator<readonly ReportAt[]> {
  if (fromOffset >= toOffset) return;
  const log = { topic: topicName(settings, 'log'), partition };
  const clock = await clockBefore(fromOffset, async function* (from, to) {
    for await (const messages of readRange(module, settings, { ...log, fromOffset: from, toOffset: to }))
      yield messages.map(recordOf);
  });
  const received = createSteadyReceived({ offset: fromOffset, clock });
  for await (const messages of readRange(module, settings, { ...log, fromOffset, toOffset, isWhole: true })) {
    const records = received.steady(messages.map(recordOf));
    yield records.filter((record): record is ReportAt => record.kind === 'report');
  }
}

/** @param next offset from which the first commit counts */
export function createKafkaPartition(parts: KafkaPartitionParts, next: number): OwnedPartition {
  const { settings, partition, table, epoch, committer, isOwned } = parts;
  const statePlace = { topic: topicName(settings, 'state'), partition };
  let from = next;
  return {
    partition,
    owns: (site) => sitePartition(site, settings.partitions) === partition,
    registryFiles: (digest) => parts.registries.get(digest),
    state: (key) => table.get(key),
    stateKeys: (prefix) => table.keys(prefix),
    first: parts.firstKept,
    readReports: (fromOffset, toOffset) => readReports(parts, fromOffset, toOffset),
    async commit(batch) {
      if (!isOwned()) throw new UnavailableError(`partition ${String(partition)} is no longer owned by this process`);
      const followed = parts.traces?.commit(batch.nextOffset, batch.findings);
      await committer.commit({
        partition,
        topic: topicName(settings, 'log'),
        from,
        next: batch.nextOffset,
        outputs: outputMessages(parts, from, batch, followed),
        state: table.messages(statePlace, epoch, batch.state),
      });
      followed?.stored();
      table.apply(batch.state);
      from = batch.nextOffset;
      parts.onCommitted?.(from);
    },
  };
}
