/** States and snapshots that another version saved: an older one is completed and used, a newer one is refused. */
import { DatabaseSync } from '@photostructure/sqlite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { closeDatabase, databasePath, openForWriting, type Database } from '../../backends/sqlite/open-database.ts';
import { SqliteDetectionStore } from '../../backends/sqlite/sqlite-detection-store.ts';
import { SqliteLog } from '../../backends/sqlite/sqlite-log.ts';
import { SqliteReadModel } from '../../backends/sqlite/sqlite-read-model.ts';
import { checksumOf } from '../../backends/sqlite/checksum.ts';
import { ConfigError } from '../../contracts/errors.ts';
import { createLocalDetector, type LocalDetector } from '../../detect/runner/local-detector.ts';
import { packText, unpackText } from '../../detect/runner/packed-text.ts';
import { createReplay } from '../../detect/runner/replay.ts';
import { STATE_FORMAT } from '../../detect/core/state-format.ts';
import { commandBuilt, runCommand } from '../end-to-end/built-command.ts';
import { temporaryFolder } from '../ports/sqlite-folder.ts';
import { unpackKept } from './kept-folder.ts';

const MINUTE_MS = 60_000;
const BEGIN = Date.parse('2026-02-02T00:00:00+08:00');
/** In the kept folder's calm hour, between two of its samples. */
const LATE_AT = BEGIN + 330.5 * MINUTE_MS;
const LATE_RECEIVED = BEGIN + 542 * MINUTE_MS;

let place: ReturnType<typeof temporaryFolder>;
let database: Database;
let log: SqliteLog;
let detection: SqliteDetectionStore;
let read: string[];
beforeEach(() => {
  place = temporaryFolder();
  unpackKept(1, place.folder);
  database = openForWriting(place.folder);
  log = new SqliteLog(database);
  detection = new SqliteDetectionStore(database);
  read = [];
});
afterEach(() => {
  closeDatabase(database);
  place.remove();
});

function openDetector(): LocalDetector {
  const listening = {
    commit: detection.commit.bind(detection),
    nextOffset: detection.nextOffset.bind(detection),
    readState: (prefix: string) => {
      read.push(prefix);
      return detection.readState(prefix);
    },
  };
  return createLocalDetector({ log, detection: listening }, { saveAfter: 50 });
}

interface Saved {
  readonly key: string;
  readonly saved: Record<string, unknown>;
}

/** What is saved under keys of this beginning, unpacked. */
function savedTexts(prefix: string): readonly Saved[] {
  return detection.readState(prefix).map(({ key, value }) => {
    const text = key === 'shared' ? value : unpackText(value.slice(value.indexOf('\n') + 1));
    return { key, saved: JSON.parse(text) as Record<string, unknown> };
  });
}

/** One high sample that was not heard in time: it puts an hour over its limit. */
function appendLate(): void {
  const body = JSON.stringify({ ts: new Date(LATE_AT).toISOString(), values: { nox: 5_000 }, resent: true });
  log.append([
    { kind: 'report', received: LATE_RECEIVED, site: 'works-a', device: 'cems-1', body },
    { kind: 'tick', received: LATE_RECEIVED + MINUTE_MS },
  ]);
}

async function standing(): Promise<readonly string[]> {
  const { items } = await new SqliteReadModel(database).findings({ rules: ['limit.hour'] }, { limit: 1_000 }, {});
  return items.map(({ id, start, end, state }) => JSON.stringify({ id, start, end, state })).sort();
}

/** The same log, read by this version from its beginning. */
function replayed(): readonly string[] {
  const replay = createReplay({ wantsMeans: false });
  for (const record of log.read(0, log.bounds().next)) replay.take(record);
  return replay
    .finish()
    .findings.filter(({ rule }) => rule === 'limit.hour')
    .map(({ id, start, end, state }) => JSON.stringify({ id, start, end, state }))
    .sort();
}

/** Puts another text in the place of a saved one, as a newer version would have. */
function alter(key: string, change: (saved: Record<string, unknown>) => Record<string, unknown>): void {
  const [entry] = detection.readState(key).filter((state) => state.key === key);
  if (entry === undefined) throw new Error(`nothing is saved under ${key}`);
  const [found] = savedTexts(key).filter((state) => state.key === key);
  const text = JSON.stringify(change(found?.saved ?? {}));
  const head = key.startsWith('site/') ? entry.value.slice(0, entry.value.indexOf('\n') + 1) : '';
  const value = key === 'shared' ? text : head + packText(text);
  database.prepare('UPDATE state SET value = ?, checksum = ? WHERE key = ?').run(value, checksumOf(0, key, value), key);
}

describe('a snapshot of an older format', () => {
  it('is where a rewind begins, and the findings are those of the whole log', async () => {
    expect([...savedTexts('base/'), ...savedTexts('site/')].filter(({ saved }) => 'format' in saved)).toEqual([]);
    const before = await standing();
    const detector = openDetector();
    appendLate();
    while (detector.step());
    const used = read.filter((key) => key.startsWith('base/'));
    expect(used).toHaveLength(1);
    expect(Number(used[0]?.split('/')[2])).toBeLessThanOrEqual(LATE_AT);
    const now = await standing();
    expect(now).toEqual(replayed());
    expect(now).not.toEqual(before);
    detector.close();
  });

  it('leaves only the present one behind once everything was saved again', () => {
    const detector = openDetector();
    appendLate();
    const oldKeys = new Set(savedTexts('base/').map(({ key }) => key));
    while (detector.step());
    detector.close();
    const made = [...savedTexts('base/'), ...savedTexts('site/works-a'), ...savedTexts('shared')];
    const fresh = made.filter(({ key }) => !oldKeys.has(key));
    expect(fresh.length).toBeGreaterThan(3);
    expect(fresh.map(({ saved }) => saved['format'])).toEqual(fresh.map(() => STATE_FORMAT));
    expect(detection.readState('format')).toEqual([{ key: 'format', value: String(STATE_FORMAT) }]);
  });
});

const NEWER = STATE_FORMAT + 1;
const TOLD = `state format ${String(NEWER)}, this program knows up to ${String(STATE_FORMAT)}: it was written by a newer`;

describe('what a newer version saved', () => {
  it.each([
    ['site/works-a', 'the state of site works-a'],
    ['shared', 'what the sites share'],
  ])('is refused at the start: %s', (key, what) => {
    alter(key, (saved) => ({ ...saved, format: NEWER }));
    expect(openDetector).toThrow(ConfigError);
    expect(openDetector).toThrow(`${what} has ${TOLD}`);
  });

  it('is refused at the start where only snapshots were saved before it was killed', () => {
    const commit = { nextOffset: detection.nextOffset(), findings: [], means: [], samples: [], deadLetters: [] };
    const format = { key: 'format', value: String(NEWER) };
    detection.commit({ ...commit, orders: [], marks: [], counts: {}, state: [format] });
    expect(openDetector).toThrow(`the saved state of the detector has ${TOLD}`);
  });

  it('is refused by the rewind that would have begun with it, and nothing of it is committed', () => {
    for (const { key } of savedTexts('base/works-a/')) alter(key, (saved) => ({ ...saved, format: NEWER }));
    const detector = openDetector();
    appendLate();
    const offset = detection.nextOffset();
    expect(() => {
      while (detector.step());
    }).toThrow(ConfigError);
    expect(detection.nextOffset()).toBe(offset);
  });

  it('is refused where it holds a finding of a rule that is not known here', () => {
    alter('site/works-a', (saved) => {
      const ledger = saved['ledger'] as { draft: { rule: string } }[];
      const changed = ledger.map((entry) => ({ ...entry, draft: { ...entry.draft, rule: 'limit.tomorrow' } }));
      return { ...saved, ledger: changed };
    });
    expect(openDetector).toThrow(/rule limit\.tomorrow, .* newer stackwarden/);
  });
});

describe('a folder with a state of a newer version', () => {
  let newer: ReturnType<typeof temporaryFolder>;
  beforeAll(async () => {
    await commandBuilt();
    newer = temporaryFolder();
    unpackKept(1, newer.folder);
    closeDatabase(openForWriting(newer.folder));
    const opened = new DatabaseSync(databasePath(newer.folder));
    const value = String(NEWER);
    opened
      .prepare('INSERT INTO state (key, value, checksum) VALUES (?, ?, ?)')
      .run('format', value, checksumOf(0, 'format', value));
    opened.close();
  }, 300_000);
  afterAll(() => {
    newer.remove();
  });

  it('does not start: 78, with what to do', async () => {
    const outcome = await runCommand(['start', '--http', '0', '--mqtt', '0', '--data', newer.folder]);
    expect(outcome.code).toBe(78);
    expect(outcome.stderr).toContain(TOLD);
    expect(outcome.stderr).toContain('Install that version, or restore a backup');
    expect(outcome.stderr).not.toMatch(/\n {4}at /);
  });

  it('is named by the doctor', async () => {
    const { stdout, code } = await runCommand(['doctor', '--data', newer.folder, '--http', '0', '--mqtt', '0']);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^WRONG {2}state .*\. Do: install that version/m);
    expect(stdout).toContain(TOLD);
  });
});
