/**
 * Files of an exported log. A log on Kafka is divided: each of its partitions is a log of its own, in a file that says so
 * in its first line. Files without that line are parts of one log, in the order in which they are given.
 */
import { InputError } from '../contracts/errors.ts';
import { readLines } from './report-lines.ts';

/** The first line of a partition's file. */
export interface PartitionHead {
  readonly kind: 'partition';
  readonly partition: number;
  /** Into how many the log is divided. */
  readonly partitions: number;
  /** Offset of the first record that was kept; above 0 what lies before is gone, registries, orders and marks with it. */
  readonly first: number;
}

/** Files that are one log. */
export interface LogFiles {
  readonly head: PartitionHead | undefined;
  readonly paths: readonly string[];
}

export function isPartitionHead(value: unknown): value is PartitionHead {
  if (typeof value !== 'object' || value === null) return false;
  const { kind, partition, partitions, first } = value as Partial<Record<keyof PartitionHead, unknown>>;
  return kind === 'partition' && [partition, partitions, first].every((number) => Number.isInteger(number));
}

/** Standard input is read once: it is a log that is not divided. */
async function headOf(path: string): Promise<PartitionHead | undefined> {
  if (path === '-') return undefined;
  for await (const [line] of readLines(path)) {
    try {
      const value: unknown = JSON.parse(line ?? '');
      return isPartitionHead(value) ? value : undefined;
    } catch (error) {
      // Told of with its place when it is read.
      if (error instanceof SyntaxError) return undefined;
      throw error;
    }
  }
  return undefined;
}

/** Partitions in their order. @throws InputError where files of several logs are mixed, or a file cannot be read */
export async function groupLogFiles(paths: readonly string[]): Promise<readonly LogFiles[]> {
  const whole: string[] = [];
  const partitions = new Map<number, { readonly head: PartitionHead; readonly paths: string[] }>();
  let divided: { readonly into: number; readonly path: string } | undefined;
  for (const path of paths) {
    const head = await headOf(path);
    if (head === undefined) {
      whole.push(path);
      continue;
    }
    divided ??= { into: head.partitions, path };
    if (divided.into !== head.partitions)
      throw new InputError(
        `${path} is of a log in ${String(head.partitions)} partitions, ${divided.path} of one in ${String(divided.into)}`,
      );
    const before = partitions.get(head.partition);
    if (before === undefined) partitions.set(head.partition, { head, paths: [path] });
    else before.paths.push(path);
  }
  if (divided === undefined) return [{ head: undefined, paths: whole }];
  const [stray] = whole;
  if (stray !== undefined)
    throw new InputError(`${stray} is of no partition and ${divided.path} is of one: they are of different logs`);
  return [...partitions.values()].sort((a, b) => a.head.partition - b.head.partition);
}

/** Partitions of a divided log that are not among the files; their sites are not replayed. */
export function missingPartitions(groups: readonly LogFiles[]): readonly number[] {
  const there = new Set(groups.map(({ head }) => head?.partition));
  const count = groups[0]?.head?.partitions ?? 0;
  return Array.from({ length: count }, (_, partition) => partition).filter((partition) => !there.has(partition));
}
