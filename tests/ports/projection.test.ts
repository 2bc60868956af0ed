/** A copy of outcomes is what it would be had each been told once, however often detectors and readers began anew. */
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { createOutcomeReader } from '../../backends/kafka/outcome-reader.ts';
import { closeDatabase, openForReading, openForWriting } from '../../backends/sqlite/open-database.ts';
import { ProjectionThread } from '../../backends/sqlite/projection-thread.ts';
import { ReaderThread } from '../../backends/sqlite/reader-client.ts';
import { PROJECTION_SCHEMA } from '../../backends/sqlite/schema.ts';
import { SqliteProjection, type ProjectedMessage } from '../../backends/sqlite/sqlite-projection.ts';
import { SqliteReadModel } from '../../backends/sqlite/sqlite-read-model.ts';
import { ConfigError, UnavailableError } from '../../contracts/errors.ts';
import type { ReadModel } from '../../contracts/ports/read-model.ts';
import { stretchCommit, tellStretch, type Told } from '../support/told-history.ts';
import { DAY_MS, finding, T0, commit } from './builders.ts';
import { temporaryFolder } from './sqlite-folder.ts';
import { encodeOutcomes } from '../../backends/kafka/outcome-wire.ts';

const PARTITIONS = 3;
const LENGTH = 24;
const AT = { partition: 1, partitions: PARTITIONS };
const reader = createOutcomeReader();
const removals: (() => void)[] = [];
afterEach(() => {
  for (const remove of removals.splice(0)) remove();
});

function newFolder(): string {
  const { folder, remove } = temporaryFolder();
  removals.push(remove);
  return folder;
}

/** As they stand in the topic: each partition counts for itself. */
function placed(told: readonly Told[]): readonly ProjectedMessage[] {
  const next = new Map<number, number>();
  return told.map(({ partition, value }) => {
    const offset = next.get(partition) ?? 0;
    next.set(partition, offset + 1);
    return { topic: 'outcomes', partition, offset, value };
  });
}

async function contentOf(model: ReadModel): Promise<unknown> {
  const { items: findings } = await model.findings({}, { limit: 1_000 }, {});
  const revisions = [];
  for (const { id } of findings) revisions.push(await model.findingRevisions(id, {}));
  const sites = [...new Set(findings.map(({ site }) => site))];
  const means = [];
  for (const site of sites)
    means.push((await model.means({ site, fromAt: T0, toAt: T0 + DAY_MS }, { limit: 1_000 })).items);
  const letters = (await model.deadLetters({}, { limit: 1_000 })).items;
  return {
    findings,
    revisions,
    means,
    letters,
    orders: (await model.orders()).toSorted((a, b) => (a.order.id < b.order.id ? -1 : 1)),
    marks: (await model.marks(undefined, { limit: 1_000 })).items,
    rules: await model.rules(),
  };
}

interface Copied {
  readonly content: unknown;
  readonly counts: Readonly<Record<string, number>>;
  readonly applied: readonly number[];
}

/** Applies batches; before each the process may have been killed and begun again somewhat earlier. */
async function copy(batches: readonly { messages: readonly ProjectedMessage[]; again: boolean }[]): Promise<Copied> {
  const folder = newFolder();
  let database = openForWriting(folder, PROJECTION_SCHEMA);
  let projection = new SqliteProjection(database, { reader, partitions: PARTITIONS });
  for (const { messages, again } of batches) {
    if (again) {
      closeDatabase(database);
      database = openForWriting(folder, PROJECTION_SCHEMA);
      projection = new SqliteProjection(database, { reader, partitions: PARTITIONS });
    }
    projection.apply(messages);
  }
  const model = new SqliteReadModel(database);
  const answer = { content: await contentOf(model), counts: (await model.tally()).counts, ...projection.progress() };
  closeDatabase(database);
  return answer;
}

/** What a detector does next with the log from where it is. */
interface Step {
  readonly partition: number;
  readonly records: number;
  /** it ends: before anything was sent is no step, after some parts, or after all of them with its offset not kept */
  readonly fate: 'commits' | 'ends in between' | 'ends before its offset is kept';
  readonly parts: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  partition: fc.nat(PARTITIONS - 1),
  records: fc.integer({ min: 1, max: 6 }),
  fate: fc.constantFrom('commits', 'commits', 'ends in between', 'ends before its offset is kept'),
  parts: fc.integer({ min: 1, max: 4 }),
});

/** Everything that was told on the way to the end of the log, and how often offsets were told twice. */
function tell(
  steps: readonly Step[],
  ending: readonly number[],
): { readonly told: readonly Told[]; readonly twice: number } {
  const at = Array.from({ length: PARTITIONS }, () => 0);
  const toldUpTo = Array.from({ length: PARTITIONS }, () => 0);
  const told: Told[] = [];
  let twice = 0;
  const take = ({ partition, records, fate, parts }: Step): void => {
    const from = at[partition] ?? 0;
    const next = Math.min(LENGTH, from + records);
    if (from === next) return;
    const all = tellStretch(from, next, { partition, partitions: PARTITIONS });
    const isPart = fate === 'ends in between';
    told.push(...(isPart ? all.slice(0, Math.min(parts, all.length - 1)) : all));
    if (isPart) return;
    if (from < (toldUpTo[partition] ?? 0)) twice += 1;
    toldUpTo[partition] = Math.max(toldUpTo[partition] ?? 0, next);
    if (fate === 'commits') at[partition] = next;
  };
  for (const one of steps) take(one);
  for (const partition of ending) take({ partition, records: LENGTH, fate: 'commits', parts: 0 });
  return { told, twice };
}

const CLEAN = Array.from({ length: PARTITIONS }, (_, partition) =>
  tellStretch(0, LENGTH, { partition, partitions: PARTITIONS }),
).flat();

describe('a copy of outcomes', () => {
  it('is the same however they were told and however often it was begun again', async () => {
    const clean = await copy([{ messages: placed(CLEAN), again: false }]);
    expect(clean.applied).toEqual(Array.from({ length: PARTITIONS }, () => LENGTH));
    expect(clean.counts['received']).toBe(LENGTH * PARTITIONS);
    const restarts = fc.array(
      fc.record({ size: fc.integer({ min: 1, max: 5 }), back: fc.nat(6), again: fc.boolean() }),
    );
    const ending = fc.shuffledSubarray([0, 1, 2], { minLength: PARTITIONS });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), restarts, ending, async (steps, pieces, order) => {
        const { told, twice } = tell(steps, order);
        const messages = placed(told);
        const batches: { messages: readonly ProjectedMessage[]; again: boolean }[] = [];
        let at = 0;
        for (const { size, back, again } of pieces) {
          // Who begins again is given some messages a second time.
          batches.push({ messages: messages.slice(Math.max(0, at - (again ? back : 0)), at + size), again });
          at += size;
        }
        const copied = await copy([...batches, { messages: messages.slice(at), again: false }]);
        expect(copied.content).toEqual(clean.content);
        expect(copied.applied).toEqual(clean.applied);
        if (twice === 0) expect(copied.counts).toEqual(clean.counts);
        // A half that was counted before is not counted again, at the price of the other half.
        for (const [name, value] of Object.entries(copied.counts))
          expect(value).toBeLessThanOrEqual(clean.counts[name] ?? 0);
      }),
      { numRuns: 60 },
    );
  });

  it('counts a commit that is told again with the same bounds once', async () => {
    const twice = [...tellStretch(0, 9, AT), ...tellStretch(0, 9, AT), ...tellStretch(9, LENGTH, AT)];
    const { counts } = await copy([{ messages: placed(twice), again: false }]);
    expect(counts).toEqual(stretchCommit(0, LENGTH, AT).counts);
  });

  it('takes what was made without records, and counts it once', async () => {
    const [before, behind] = [tellStretch(0, 9, AT), tellStretch(9, LENGTH, AT)];
    const made = commit({ nextOffset: 9, findings: [finding()], counts: { rewinds: 2 } });
    const standing = encodeOutcomes(9, made).map((value): Told => ({ partition: AT.partition, value }));
    const all = placed([...before, ...standing, ...standing, ...behind, ...standing]);
    const [first, second] = [all.slice(0, before.length + 1), all.slice(before.length)];
    const { content, counts, applied } = await copy([
      { messages: first, again: false },
      { messages: second, again: true },
    ]);
    expect(content).toMatchObject({ findings: expect.arrayContaining([expect.objectContaining({ id: 'f-1' })]) });
    expect(counts).toEqual({ ...stretchCommit(0, LENGTH, AT).counts, rewinds: 2 });
    expect(applied[AT.partition]).toBe(LENGTH);
  });

  it('takes a message over once, and all of a batch or nothing of it', async () => {
    const folder = newFolder();
    const database = openForWriting(folder, PROJECTION_SCHEMA);
    const projection = new SqliteProjection(database, { reader, partitions: PARTITIONS });
    const message = (offset: number, value: string): ProjectedMessage => ({
      topic: 'outcomes',
      partition: 0,
      offset,
      value: Buffer.from(value),
    });
    const good = message(
      0,
      String(encodeOutcomes(0, commit({ nextOffset: 5, findings: [finding()], counts: { a: 1 } }))[0]),
    );
    const later = message(1, JSON.stringify({ v: 99, from: 5, next: 6 }));
    expect(() => {
      projection.apply([good, later]);
    }).toThrow(UnavailableError);
    const model = new SqliteReadModel(database);
    expect(await model.finding('f-1', {})).toBeUndefined();
    expect(projection.progress().applied[0]).toBe(0);
    projection.apply([good]);
    projection.apply([good]);
    expect((await model.tally()).counts).toEqual({ a: 1 });
    expect(await model.changes(0, 10)).toHaveLength(1);
    closeDatabase(database);
  });
});

it('what strangers wrote into the topics is passed over and counted', async () => {
  const database = openForWriting(newFolder(), PROJECTION_SCHEMA);
  const projection = new SqliteProjection(database, { reader, partitions: PARTITIONS });
  const strange = ['', 'not JSON', 'null', '[]', '{"from":0,"next":9}', '{"v":1,"findings":[]}'];
  const told = encodeOutcomes(0, commit({ nextOffset: 1, findings: [finding()] }))[0]!;
  const values = [...strange.map((text) => Buffer.from(text)), told];
  projection.apply(values.map((value, offset) => ({ topic: 'outcomes', partition: 0, offset, value })));
  projection.apply([{ topic: 'samples', partition: 0, offset: 0, value: Buffer.from('{"v":1}') }]);
  expect(projection.progress()).toMatchObject({ applied: [1, 0, 0], refused: strange.length + 1 });
  expect(projection.start().positions[0]).toMatchObject({ next: values.length });
  expect((await new SqliteReadModel(database).finding('f-1', {}))?.id).toBe('f-1');
  closeDatabase(database);
});

describe('the folder of a copy', () => {
  it('is no data folder, and a data folder is none', () => {
    const [copyFolder, storeFolder] = [newFolder(), newFolder()];
    closeDatabase(openForWriting(copyFolder, PROJECTION_SCHEMA));
    closeDatabase(openForWriting(storeFolder));
    expect(() => openForWriting(copyFolder)).toThrow(/holds what `stackwarden api` copied from Kafka, and no log/);
    expect(() => openForReading(copyFolder)).toThrow(ConfigError);
    expect(() => openForWriting(storeFolder, PROJECTION_SCHEMA)).toThrow(
      /holds the log of a system.*Name another data/,
    );
  });

  it('is filled anew for another number of partitions', () => {
    const database = openForWriting(newFolder(), PROJECTION_SCHEMA);
    expect(new SqliteProjection(database, { reader, partitions: 3 }).start().positions).toHaveLength(6);
    expect(() => new SqliteProjection(database, { reader, partitions: 4 })).toThrow(
      /made of 3 partitions.*remove the folder/,
    );
    closeDatabase(database);
  });
});

describe('the thread of a copy', () => {
  const module = new URL('../../backends/kafka/outcome-reader.ts', import.meta.url).href;
  const start = (folder: string): Promise<ProjectionThread> =>
    ProjectionThread.start({ folder, reader: module, partitions: PARTITIONS });

  it('keeps content and places together, over a restart', async () => {
    const folder = newFolder();
    const first = await start(folder);
    const { id } = await first.positions();
    const messages = placed(CLEAN);
    const { applied, lastChange } = await first.apply(messages.slice(0, 4));
    expect([applied, lastChange > 0]).toEqual([[0, 0, 0], true]);
    await first.close();
    const second = await start(folder);
    const begin = await second.positions();
    expect(begin.id).toBe(id);
    expect(begin.positions[0]).toMatchObject({ topic: 'outcomes', partition: 0, next: 4 });
    await second.apply(messages.slice(4));
    const answers = await ReaderThread.start(folder, 'projection');
    expect((await answers.findings({}, { limit: 100 }, {})).items).toHaveLength(12);
    await answers.close();
    await second.close();
  });

  it('goes on after a message of a later version, which it does not take', async () => {
    const thread = await start(newFolder());
    const later = { topic: 'outcomes', partition: 0, offset: 0, value: Buffer.from('{"v":2}') } as const;
    await expect(thread.apply([later])).rejects.toThrow(/later version.*update this process/);
    await thread.apply(placed(CLEAN));
    await thread.close();
  });
});
