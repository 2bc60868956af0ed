/** A folder that version 1 of the schema left: today's build opens it, says the same, and goes on. */
import { setTimeout as pause } from 'node:timers/promises';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { databasePath, openForReading } from '../../backends/sqlite/open-database.ts';
import { storeFaults } from '../../backends/sqlite/folder-backup.ts';
import { openEmbeddedStore, type EmbeddedStore } from '../../cli/embedded-store.ts';
import { ConfigError } from '../../contracts/errors.ts';
import type { Finding } from '../../contracts/finding.ts';
import type { LogEntry, LogRecord } from '../../contracts/log-record.ts';
import { createReplay } from '../../detect/runner/replay.ts';
import { commandBuilt, runCommand } from '../end-to-end/built-command.ts';
import { killStream } from '../end-to-end/kill-stream.ts';
import { temporaryFolder } from '../ports/sqlite-folder.ts';
import { keptLines, keptText, unpackKept } from './kept-folder.ts';

const VERSION = 1;
/** As in `scripts/keep-folder.ts`: the stream goes on where it stopped. */
const SEED = 20_261_205;
const KEPT_MINUTES = 540;
const ALL_MINUTES = 1_020;
const MINUTE_MS = 60_000;
const BEGIN = Date.parse('2026-02-02T00:00:00+08:00');

let place: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  place = temporaryFolder();
  unpackKept(VERSION, place.folder);
});
afterEach(() => {
  place.remove();
});

async function allFindings({ reader }: EmbeddedStore): Promise<readonly Finding[]> {
  return (await reader.findings({}, { limit: 10_000 }, {})).items;
}

async function readToTheEnd({ reader }: EmbeddedStore): Promise<void> {
  while ((await reader.tally()).lagRecords > 0) await pause(50);
}

async function goOn({ store }: EmbeddedStore): Promise<void> {
  for (const [minute, step] of killStream(ALL_MINUTES, SEED).entries()) {
    if (minute < KEPT_MINUTES) continue;
    const received = BEGIN + minute * MINUTE_MS + 2_000;
    const entries = step.flatMap(({ device, reports }) => {
      const [site = '', name = ''] = device.split('/');
      return reports.map((body): LogEntry => ({ kind: 'report', received, site, device: name, body }));
    });
    await store.append(entries);
  }
  await store.append([{ kind: 'tick', received: BEGIN + ALL_MINUTES * MINUTE_MS + 120_000 }]);
}

async function wholeLog({ store }: EmbeddedStore): Promise<readonly LogRecord[]> {
  const { next } = await store.bounds();
  return store.read(0, next);
}

/** What a finding says, without what a later version may word or number otherwise. */
function gist({ id, rule, subject, start, end, state }: Finding): string {
  return JSON.stringify({ id, rule, subject, start, end, state });
}

function gists(findings: readonly Finding[], rules: ReadonlySet<string>): readonly string[] {
  return findings
    .filter(({ rule, state }) => rules.has(rule) && state !== 'withdrawn')
    .map(gist)
    .sort();
}

describe('a folder of schema version 1', () => {
  it('is brought up to date and says the same, byte for byte', async () => {
    expect(() => openForReading(place.folder)).toThrow(/older schema version 1/);
    const embedded = await openEmbeddedStore(place.folder);
    const findings = (await allFindings(embedded)).map((finding) => JSON.stringify(finding));
    expect(findings.toSorted()).toEqual(keptLines(VERSION, 'findings.ndjson').toSorted());
    const kept = keptLines(VERSION, 'means.ndjson').map((line) => JSON.parse(line) as { site: string });
    const means = await Promise.all(
      ['works-a', 'works-b'].map((site) =>
        embedded.reader.means({ site, fromAt: 0, toAt: 8e15 }, { limit: 1_000 }).then(({ items }) => items),
      ),
    );
    // The last hour was not final when the folder was kept; by now it is.
    const told = (mean: object): string => JSON.stringify({ ...mean, state: '' });
    expect(means.flat().map(told)).toEqual(kept.map(told));
    const { key, password } = JSON.parse(keptText(VERSION, 'secrets.json')) as Record<string, string>;
    expect(await embedded.credentials.verifyKey(key ?? '')).toMatchObject({ name: 'kept', role: 'admin' });
    expect(await embedded.credentials.verifyDevice('works-a/cems-1', password ?? '')).toMatchObject({
      user: 'works-a/cems-1',
    });
    await embedded.close();
    const database = openForReading(place.folder);
    expect(storeFaults(database, databasePath(place.folder))).toEqual([]);
    expect(database.prepare('PRAGMA user_version').get()).toEqual({ user_version: 2 });
    database.close();
  });

  it('goes on as if it had been of this version all the time', { timeout: 120_000 }, async () => {
    const embedded = await openEmbeddedStore(place.folder);
    const rules = new Set((await allFindings(embedded)).map(({ rule }) => rule));
    await goOn(embedded);
    await readToTheEnd(embedded);
    const replay = createReplay({ wantsMeans: false });
    for (const record of await wholeLog(embedded)) replay.take(record);
    const again = replay.finish().findings;
    const shown = await allFindings(embedded);
    expect(gists(shown, rules)).toEqual(gists(again, rules));
    expect(new Set(shown.map(({ id }) => id)).size).toBe(shown.length);
    expect(shown.length).toBeGreaterThan(keptLines(VERSION, 'findings.ndjson').length + 5);
    await embedded.close();
    const reopened = await openEmbeddedStore(place.folder);
    await readToTheEnd(reopened);
    expect((await allFindings(reopened)).map(gist)).toEqual(shown.map(gist));
    await reopened.close();
  });

  it('is read by backup and doctor as it is, and a backup of it can be restored and started', async () => {
    const { runBackup } = await import('../../cli/commands/backup.ts');
    const { runRestore } = await import('../../cli/commands/restore.ts');
    const out = { write: () => undefined };
    const [target, restored] = [`${place.folder}/copy`, `${place.folder}/restored`];
    await runBackup({ folder: place.folder, target, json: true }, out);
    await runRestore({ folder: restored, source: target, force: false, json: true }, out);
    const embedded = await openEmbeddedStore(restored);
    expect((await allFindings(embedded)).length).toBe(keptLines(VERSION, 'findings.ndjson').length);
    await embedded.close();
  });
});

describe('a folder of a newer version', () => {
  let newer: ReturnType<typeof temporaryFolder>;
  beforeAll(async () => {
    await commandBuilt();
    newer = temporaryFolder();
    unpackKept(VERSION, newer.folder);
    const database = new DatabaseSync(databasePath(newer.folder));
    database.exec('PRAGMA user_version = 99');
    database.close();
  }, 300_000);
  afterAll(() => {
    newer.remove();
  });

  it.each([
    ['start', '--http', '0', '--mqtt', '0'],
    ['export', '--log', '-'],
    ['backup', 'copy'],
  ])('is refused by `%s` with 78, and left as it was', async (...args) => {
    const outcome = await runCommand([...args, '--data', newer.folder], { cwd: newer.folder });
    expect(outcome.code).toBe(78);
    expect(outcome.stderr).toMatch(/schema version 99, this program knows up to 2: .* newer stackwarden/);
    expect(outcome.stderr).not.toMatch(/\n {4}at /);
  });

  it('is named by the doctor', async () => {
    const { stdout, code } = await runCommand(['doctor', '--data', newer.folder, '--http', '0', '--mqtt', '0']);
    expect(code).toBe(1);
    expect(stdout).toMatch(/WRONG {2}database .*schema version 99/);
  });

  it('is refused to be opened for writing', () => {
    expect(() => openForReading(newer.folder)).toThrow(ConfigError);
  });
});
