/** Takes a partition over: its state, its detector, and the queue of what comes for it. */
import type { LogRecord } from '../../contracts/log-record.ts';
import type { OwnedPartition, PartitionWorker } from '../../contracts/ports/partition.ts';
import type { Tracer } from '../../contracts/ports/tracer.ts';
import type { DetectClients } from './detect-clients.ts';
import { noteLatency, type DetectFigures } from './detect-figures.ts';
import { createKafkaPartition, type KafkaPartitionParts } from './kafka-partition.ts';
import type { KafkaSettings } from './kafka-settings.ts';
import type { KafkaModule } from './load-client.ts';
import { missedRecords, type MissedRecords } from './missed-records.ts';
import { PartitionSlot } from './partition-slot.ts';
import { PartitionTraces } from './partition-traces.ts';
import { watermarks } from './read-range.ts';
import { withFiles } from './read-records.ts';
import type { RegistryShelf } from './registry-shelf.ts';
import { takeOver, type TakenOver, type TakeOverTools } from './take-over.ts';
import { topicName } from './topics.ts';
import type { ValueFile } from './value-file.ts';

export interface SlotTools {
  readonly module: KafkaModule;
  readonly settings: KafkaSettings;
  readonly figures: DetectFigures;
  readonly shelf: RegistryShelf;
  readonly file: ValueFile;
  readonly registryOf: TakeOverTools['registryOf'];
  readonly sharedKey: string;
  /** Makes the detector of a partition from its state. */
  readonly createWorker: (at: OwnedPartition) => PartitionWorker;
  readonly now: () => number;
  readonly tracer?: Tracer | undefined;
  readonly onTrouble: (error: Error) => void;
  /** Told of what retention took before it counted. */
  readonly onMissed: (missed: MissedRecords) => void;
}

/** The membership under which a partition is worked on. */
export interface SlotOwner {
  readonly clients: DetectClients;
  readonly isOwned: () => boolean;
  readonly isMember: () => boolean;
  readonly onFailure: (error: unknown) => void;
}

function takeOverTools(tools: SlotTools, { clients, isMember }: SlotOwner): TakeOverTools {
  const { module, settings, shelf, file, registryOf, sharedKey, now } = tools;
  const { committed, uncommitted, producer } = clients;
  const common = { module, settings, shelf, file, committed, uncommitted, registryOf, sharedKey, isMember, now };
  return producer === undefined ? common : { ...common, producer };
}

function note({ figures, now }: SlotTools, records: readonly LogRecord[]): void {
  figures.records += records.length;
  const at = now();
  for (const { kind, received } of records)
    if (kind === 'report') noteLatency(figures, Math.max(0, at - received) / 1_000);
}

function noteMissed({ figures, onMissed }: SlotTools, missed: MissedRecords | undefined): void {
  if (missed === undefined) return;
  figures.missedRecords += missed.neverRead + missed.notSaved;
  onMissed(missed);
}

function slotOf(tools: SlotTools, owner: SlotOwner, taken: TakenOver, partition: number): PartitionSlot {
  const { module, settings, shelf, tracer, now, createWorker, onTrouble } = tools;
  const { isOwned, onFailure, clients } = owner;
  const traces = tracer === undefined ? undefined : new PartitionTraces(tracer, partition, now);
  const next = Number(taken.table.get('next') ?? 0);
  const firstKept = async (): Promise<number> =>
    (await watermarks(clients.committed, topicName(settings, 'log'), partition)).lowOffset;
  let committed = next;
  const parts: KafkaPartitionParts = {
    module,
    settings,
    partition,
    committer: clients.committer,
    isOwned,
    traces,
    firstKept,
    ...taken,
    onCommitted: (offset) => {
      committed = offset;
    },
  };
  const worker = createWorker(createKafkaPartition(parts, next));
  noteMissed(tools, missedRecords(partition, worker, taken.first));
  return new PartitionSlot({
    partition,
    worker,
    committed: () => committed,
    traces,
    complete: (records) => withFiles(records, shelf),
    onFailure,
    onTrouble,
    onDone: (records) => {
      note(tools, records);
    },
    onGone: () => {
      taken.table.clear();
    },
  });
}

/** @throws UnavailableError; nothing is then held */
export async function openSlot(tools: SlotTools, owner: SlotOwner, partition: number): Promise<PartitionSlot> {
  const { figures } = tools;
  const startedAt = performance.now();
  const taken = await takeOver(takeOverTools(tools, owner), partition);
  try {
    const slot = slotOf(tools, owner, taken, partition);
    figures.takeOvers += 1;
    figures.takeOverSeconds += (performance.now() - startedAt) / 1_000;
    return slot;
  } catch (error) {
    taken.table.clear();
    throw error;
  }
}
