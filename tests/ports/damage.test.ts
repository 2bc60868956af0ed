/** Bytes that change on the disk, files that are cut off or go: each is noticed and named, none is read as if it were true. */
import { copyFileSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { acceptMissingLog } from '../../backends/sqlite/accept-loss.ts';
import { storeFaults } from '../../backends/sqlite/folder-backup.ts';
import {
  closeDatabase,
  databasePath,
  openAnyVersion,
  openForReading,
  openForWriting,
} from '../../backends/sqlite/open-database.ts';
import { SqliteCredentials } from '../../backends/sqlite/sqlite-credentials.ts';
import { SqliteDetectionStore } from '../../backends/sqlite/sqlite-detection-store.ts';
import { SqliteLog } from '../../backends/sqlite/sqlite-log.ts';
import { SqliteReadModel } from '../../backends/sqlite/sqlite-read-model.ts';
import { ConfigError, InputError } from '../../contracts/errors.ts';
import { recordResult } from '../support/reliability-page.ts';
import { createRandom } from '../support/seeded-random.ts';
import { reportEntry, T0 } from './builders.ts';
import { copyStore, dumpTables, fillFolder, fillTables, flipBit } from './filled-folder.ts';
import { temporaryFolder } from './sqlite-folder.ts';

const FLIPS = Number(process.env['STACKWARDEN_TEST_FLIPS'] ?? 150);
let place: ReturnType<typeof temporaryFolder>;
let whole: string;
let count = 0;
beforeAll(() => {
  place = temporaryFolder();
  whole = join(place.folder, 'whole');
  fillTables(whole);
});
afterAll(() => {
  place.remove();
});

/** A copy of the whole store, to be damaged. */
function copied(): string {
  count += 1;
  return copyStore(whole, place.folder, `copy-${String(count)}`);
}

function faultsOf(folder: string): readonly string[] {
  try {
    const { database, path } = openAnyVersion(folder);
    try {
      return storeFaults(database, path);
    } finally {
      database.close();
    }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems;
  }
}

/** Flips a bit in the first bytes of what a query selects. */
function damage(folder: string, select: string): void {
  const database = openForReading(folder);
  const [value] = Object.values(database.prepare(select).get() as Record<string, string | Uint8Array>);
  database.close();
  const needle = Buffer.from(value as string).subarray(0, 60);
  const bytes = readFileSync(databasePath(folder));
  let hits = 0;
  // What was moved may stand in unused places as well.
  for (let at = bytes.indexOf(needle); at >= 0; at = bytes.indexOf(needle, at + 1)) {
    flipBit(databasePath(folder), at + needle.length - 3, 1);
    hits += 1;
  }
  if (hits === 0) throw new Error(`nothing of it is in the file: ${select}`);
}

const series = { site: 'demo-cement', device: 'cems-1', signal: 'so2', fromAt: 0, toAt: 8e15, maxPoints: 100_000 };
const page = { limit: 100 };
type Reads = (model: SqliteReadModel, store: { log: SqliteLog; detection: SqliteDetectionStore }) => unknown;

/** Each table, what is damaged in it, and who reads that. */
const DAMAGES: readonly (readonly [table: string, select: string, reads: Reads])[] = [
  ['log', 'SELECT body FROM log WHERE entries > 5 LIMIT 1', (_, { log }) => log.read(0, 100_000)],
  [
    'log_site',
    'SELECT offsets FROM log_site WHERE length(offsets) > 1000',
    (_, { log }) => log.readSite('s-0', 0, 65_536),
  ],
  ['state', 'SELECT value FROM state LIMIT 1', (_, { detection }) => detection.readState('site/')],
  ['sample_chunk', 'SELECT body FROM sample_chunk ORDER BY id LIMIT 1', (model) => model.series(series)],
  ['sample_hot', 'SELECT body FROM sample_hot ORDER BY id LIMIT 1', (model) => model.series(series)],
  ['mean', 'SELECT body FROM mean', (model) => model.means({ site: 'demo-cement', fromAt: 0, toAt: 8e15 }, page)],
  ['finding_revision', 'SELECT body FROM finding_revision', (model) => model.findings({}, page, {})],
  ['finding_revision', 'SELECT body FROM finding_revision', (model) => model.changes(0, 100)],
  ['dead_letter', 'SELECT payload FROM dead_letter', (model) => model.deadLetters({}, page)],
  ['order_entry', 'SELECT body FROM order_entry', (model) => model.orders()],
  ['mark', 'SELECT body FROM mark', (model) => model.marks(undefined, page)],
];

describe('a changed byte', () => {
  it.each(DAMAGES)(
    'in the table %s is named by who reads it, and by a look through everything',
    async (table, select, reads) => {
      const folder = copied();
      damage(folder, select);
      const faults = faultsOf(folder);
      expect(faults.join('\n')).toContain(`table ${table}`);
      const database = openForReading(folder);
      const model = new SqliteReadModel(database);
      const store = { log: new SqliteLog(database), detection: new SqliteDetectionStore(database) };
      const reading = (async () => reads(model, store))();
      await expect(reading).rejects.not.toThrow(InputError);
      await expect(reading).rejects.toThrow(
        new RegExp(`stackwarden[.]db is damaged: in its table \\w+, .*restore DIR`),
      );
      database.close();
    },
  );

  it('in the newest rows of the log keeps the store from starting', () => {
    const folder = copied();
    damage(folder, 'SELECT body FROM log ORDER BY first DESC LIMIT 1');
    expect(() => openForWriting(folder)).toThrow(/in its table log, the checksum of entries \d+ to \d+ is wrong/);
  });

  it.each(['name', 'stream', 'signal_set', 'setting'])(
    'in the small table %s keeps the store from starting',
    (table) => {
      const folder = copied();
      const { database } = openAnyVersion(folder);
      const { rootpage } = database.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').get(table) as {
        rootpage: number;
      };
      database.close();
      const path = databasePath(folder);
      // The last bytes of its page: the content of its first row.
      flipBit(path, rootpage * 4_096 - 2, 0);
      expect(() => openForWriting(folder)).toThrow(ConfigError);
      expect(() => openForWriting(folder)).toThrow(/restore DIR/);
    },
  );

  it('in the first page is noticed at once', () => {
    for (const at of [0, 17, 40, 110, 200, 1_000, 3_000]) {
      const folder = copied();
      flipBit(databasePath(folder), at, 2);
      const before = faultsOf(folder);
      if (before.length === 0) continue;
      expect(() => openForWriting(folder)).toThrow(ConfigError);
    }
  });

  it(`anywhere in the file is found or has changed nothing, ${FLIPS} times`, { timeout: 300_000 }, () => {
    const random = createRandom(20_261_123);
    const database = openForReading(whole);
    const content = dumpTables(database);
    database.close();
    const bytes = statSync(databasePath(whole)).size;
    const silent: string[] = [];
    let found = 0;
    for (let i = 0; i < FLIPS; i += 1) {
      const folder = copied();
      const [at, bit] = [random.below(bytes), random.below(8)];
      flipBit(databasePath(folder), at, bit);
      if (faultsOf(folder).length > 0) found += 1;
      else {
        const changed = openForReading(folder);
        if (dumpTables(changed) !== content) silent.push(`byte ${at}, bit ${bit}`);
        changed.close();
      }
      rmSync(folder, { recursive: true });
    }
    expect(silent).toEqual([]);
    expect(found).toBeGreaterThan(FLIPS / 2);
    recordResult('flipped bits', `STACKWARDEN_TEST_FLIPS=${FLIPS} npm test -- tests/ports/damage.test.ts`, {
      counts: `${FLIPS} places of a database, one bit each`,
      result: `${found} found and named, ${FLIPS - found} had changed nothing, 0 silent`,
    });
  });
});

describe('a file', () => {
  it.each([0.999, 0.5, 0.02, 0])('that is cut to %f of its length is refused by name', (share) => {
    const folder = copied();
    closeDatabase(openForWriting(folder));
    const path = databasePath(folder);
    truncateSync(path, Math.floor(statSync(path).size * share));
    expect(() => openForWriting(folder)).toThrow(ConfigError);
    expect(() => openForWriting(folder)).toThrow(new RegExp(`${path} (is cut off|is empty).*restore DIR`));
  });

  it('that is gone is not taken for a new one', () => {
    const folder = copied();
    closeDatabase(openForWriting(folder));
    rmSync(databasePath(folder));
    expect(() => openForWriting(folder)).toThrow(/is gone.*restore DIR/);
  });

  it('of another moment, whose log ends before what detection has read, is refused', () => {
    const folder = copied();
    const database = openForWriting(folder);
    database.exec('DELETE FROM log WHERE first >= 8');
    closeDatabase(database);
    expect(() => openForWriting(folder)).toThrow(/lost the end of its log/);
  });

  it('with a hole in its log is refused by who reads over it', () => {
    const folder = copied();
    const database = openForWriting(folder);
    const { first } = database.prepare('SELECT max(first) AS first FROM log').get() as { first: number };
    database.exec(`DELETE FROM log WHERE first = ${String(first - 2_000)}`);
    expect(() => new SqliteLog(database).read(0, 1_000_000)).toThrow(/its table log lacks entries \d+ to \d+/);
    closeDatabase(database);
    expect(faultsOf(folder).join()).toMatch(/table log: entries \d+ to \d+ are missing/);
  });
});

describe('the write-ahead log of a run that was killed', () => {
  let folder: string;
  let crashed: string;
  const wal = (): string => `${databasePath(crashed)}-wal`;
  beforeEach(() => {
    folder = join(place.folder, `run-${String((count += 1))}`);
    crashed = join(place.folder, `crashed-${String(count)}`);
    const database = openForWriting(folder);
    const log = new SqliteLog(database);
    for (let i = 0; i < 20; i += 1) log.append([reportEntry({ received: T0 + i, body: `{"n":${String(i)}}` })]);
    copyStore(folder, place.folder, `crashed-${String(count)}`);
    copyFileSync(`${databasePath(folder)}-wal`, wal());
    closeDatabase(database);
  });

  /** Where the log of this run ends: behind it is what is left of an earlier one. */
  const liveEnd = (): number => {
    const bytes = readFileSync(wal());
    let end = 32;
    while (end + 4_120 <= bytes.length && bytes.compare(bytes, 16, 24, end + 8, end + 16) === 0) end += 4_120;
    return end;
  };

  it('is read, and nothing is missing', () => {
    const database = openForWriting(crashed);
    expect(new SqliteLog(database).bounds().next).toBe(20);
    closeDatabase(database);
  });

  it('is missed where it is gone, until that is accepted', () => {
    rmSync(wal());
    expect(() => openForWriting(crashed)).toThrow(
      /write-ahead log beside it .* is gone: the newest reports were in it/,
    );
    acceptMissingLog(crashed);
    closeDatabase(openForWriting(crashed));
  });

  it('is refused where a byte in its middle was changed, until that is accepted', () => {
    flipBit(wal(), Math.floor(liveEnd() / 2), 3);
    expect(() => openForWriting(crashed)).toThrow(/-wal is damaged in its middle/);
    acceptMissingLog(crashed);
    const database = openForWriting(crashed);
    expect(new SqliteLog(database).bounds().next).toBeLessThan(20);
    closeDatabase(database);
  });

  it('is refused where its beginning was changed', () => {
    flipBit(wal(), 17, 3);
    expect(() => openForWriting(crashed)).toThrow(/-wal is damaged at its beginning/);
  });

  it('may end in the middle of what was written last', () => {
    truncateSync(wal(), liveEnd() - 2_000);
    const database = openForWriting(crashed);
    expect(new SqliteLog(database).bounds().next).toBe(19);
    closeDatabase(database);
  });

  it('is refused without its database', () => {
    rmSync(databasePath(crashed));
    expect(() => openForWriting(crashed)).toThrow(/is gone.*restore DIR/);
    writeFileSync(databasePath(crashed), '');
    expect(() => openForWriting(crashed)).toThrow(/is empty.*restore DIR/);
  });
});

describe('credentials', () => {
  it('whose row was changed let nobody in', async () => {
    const folder = join(place.folder, 'credentials');
    const credentials = new SqliteCredentials(folder);
    await credentials.addDevice('works-a/cems-1', ['works-a/cems-1']);
    await credentials.revokeDevice('works-a/cems-1');
    await credentials.addKey('desk', 'watch');
    credentials.close();
    const path = join(folder, 'credentials.db');
    const whole = readFileSync(path);
    for (const needle of ['works-a/cems-1"]', 'watch', 'scrypt$4096']) {
      writeFileSync(path, whole);
      flipBit(path, whole.lastIndexOf(needle) + 2, 0);
      expect(() => new SqliteCredentials(folder)).toThrow(/in its table (device|api_key), the checksum of/);
    }
    writeFileSync(path, whole.subarray(0, whole.length - 5_000));
    expect(() => new SqliteCredentials(folder)).toThrow(/is cut off/);
    rmSync(path);
    expect(() => new SqliteCredentials(folder)).toThrow(/is gone/);
    writeFileSync(path, whole);
    new SqliteCredentials(folder).close();
  });
});

describe('a folder as a real run leaves it', () => {
  it('is sound in every row, before and after a kill', { timeout: 60_000 }, async () => {
    const folder = join(place.folder, 'real');
    await fillFolder(folder, 130);
    expect(faultsOf(folder)).toEqual([]);
  });
});
