/** How far each topic was taken over, kept in the transaction of what came of it. */
import { crc32 } from 'node:zlib';
import { randomBytes } from 'node:crypto';
import type { Database } from './database.ts';
import { SettingsTable } from './settings-table.ts';

export const PROJECTED_TOPICS = ['outcomes', 'samples'] as const;
export type ProjectedTopic = (typeof PROJECTED_TOPICS)[number];

/** Where one partition of a topic is gone on from. */
export interface ProjectedPosition {
  readonly topic: ProjectedTopic;
  readonly partition: number;
  /** Offset behind the last message that was taken over; 0 where there was none. */
  readonly next: number;
  /** CRC-32 of that last message: a topic that was made anew has another one there. */
  readonly lastSum: number;
}

const ID = 'projection.id';
const PARTITIONS = 'projection.partitions';

export class ProjectionPositions {
  readonly #settings: SettingsTable;

  constructor(database: Database) {
    this.#settings = new SettingsTable(database);
  }

  position(topic: ProjectedTopic, partition: number): ProjectedPosition {
    const next = this.#settings.get(`${topic}.${String(partition)}.next`);
    return { topic, partition, next, lastSum: this.#settings.get(`${topic}.${String(partition)}.last-sum`) };
  }

  moveOn(
    topic: ProjectedTopic,
    partition: number,
    last: { readonly offset: number; readonly value: Uint8Array },
  ): void {
    this.#settings.set(`${topic}.${String(partition)}.next`, last.offset + 1);
    this.#settings.set(`${topic}.${String(partition)}.last-sum`, crc32(last.value));
  }

  /** Offset in a partition of the log up to which outcomes were applied. */
  applied(partition: number): number {
    return this.#settings.get(`log.${String(partition)}.applied`);
  }

  setApplied(partition: number, offset: number): void {
    this.#settings.set(`log.${String(partition)}.applied`, offset);
  }

  /** CRC-32 of the last message that ended a commit without records: told again, it is the same. 0 where there was none. */
  standingSum(partition: number): number {
    return this.#settings.get(`log.${String(partition)}.standing-sum`);
  }

  setStandingSum(partition: number, sum: number): void {
    this.#settings.set(`log.${String(partition)}.standing-sum`, sum);
  }

  /** How many partitions the copy was begun with; 0 of a new one. */
  partitions(): number {
    return this.#settings.get(PARTITIONS);
  }

  begin(partitions: number): void {
    this.#settings.set(ID, randomBytes(6).readUIntBE(0, 6));
    this.#settings.set(PARTITIONS, partitions);
  }

  /** Tells this copy from every other: its numbers of changes are its own. */
  id(): string {
    return this.#settings.get(ID).toString(36);
  }
}
