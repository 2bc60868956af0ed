/** What retention has removed cannot be read again: a rewind that would need it is left undone instead of undoing findings. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { closeDatabase, openForWriting, type Database } from '../../backends/sqlite/open-database.ts';
import { removeOld } from '../../backends/sqlite/retention.ts';
import { SqliteDetectionStore } from '../../backends/sqlite/sqlite-detection-store.ts';
import { SqliteLog } from '../../backends/sqlite/sqlite-log.ts';
import { SqliteReadModel } from '../../backends/sqlite/sqlite-read-model.ts';
import type { Finding } from '../../contracts/finding.ts';
import type { LogEntry } from '../../contracts/log-record.ts';
import { createLocalDetector, type LocalDetector } from '../../detect/runner/local-detector.ts';
import { KILL_REGISTRY } from '../end-to-end/kill-stream.ts';
import { temporaryFolder } from '../ports/sqlite-folder.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;
const BEGIN = Date.parse('2026-02-02T00:00:00+08:00');

let place: ReturnType<typeof temporaryFolder>;
let database: Database;
let log: SqliteLog;
let detector: LocalDetector;
beforeEach(() => {
  place = temporaryFolder();
  database = openForWriting(place.folder);
  log = new SqliteLog(database);
  detector = createLocalDetector({ log, detection: new SqliteDetectionStore(database) }, { saveAfter: 200 });
  log.append([{ kind: 'registry', received: BEGIN, files: [{ name: 'r.yaml', text: KILL_REGISTRY }] }]);
});
afterEach(() => {
  closeDatabase(database);
  place.remove();
});

function report(device: string, at: number, values: object, received = at + 2_000): LogEntry {
  const [site = '', name = ''] = device.split('/');
  return {
    kind: 'report',
    received,
    site,
    device: name,
    body: JSON.stringify({ ts: new Date(at).toISOString(), values, resent: true }),
  };
}

function plantMinute(site: string, at: number, nox: number): LogEntry[] {
  const powers = ['m-kiln', 'm-bag'].map((meter) =>
    report(`${site}/${meter}`, at, { power: 500 + ((at / MINUTE_MS) % 7) }),
  );
  return [...powers, report(`${site}/cems-1`, at, { nox })];
}

/** A plant for some minutes from a moment on, over its limit in its third hour. */
function run(site: string, from: number, minutes: number): void {
  for (let minute = 0; minute < minutes; minute += 1) {
    const level = minute >= 120 && minute < 180 ? 120 : 50;
    log.append(plantMinute(site, from + minute * MINUTE_MS, level + (minute % 5)));
  }
  while (detector.step());
}

function retainAt(now: number): void {
  for (const step of removeOld(database, { logMs: 0 }, now, () => detector.neededFrom()))
    expect(step.table).toMatch(/^log/);
}

async function exceedances(site: string): Promise<readonly Finding[]> {
  const page = await new SqliteReadModel(database).findings(
    { rules: ['limit.hour'], sites: [site] },
    { limit: 100 },
    {},
  );
  return page.items;
}

async function counts(): Promise<Readonly<Record<string, number>>> {
  return (await new SqliteReadModel(database).tally()).counts;
}

it('a site that was silent for weeks keeps its findings when it sends late data for long ago', async () => {
  run('works-a', BEGIN, 200);
  expect(await exceedances('works-a')).toHaveLength(1);
  for (let day = 1; day <= 20; day += 1) run('works-b', BEGIN + day * DAY_MS, 60);
  retainAt(BEGIN + 20 * DAY_MS);
  const { first } = log.bounds();
  expect(first).toBeGreaterThan(600);
  const now = BEGIN + 20 * DAY_MS + 90 * MINUTE_MS;
  // A minute that was missing, and one that was told otherwise before.
  log.append([report('works-a/cems-1', BEGIN + 150.5 * MINUTE_MS, { nox: 121 }, now)]);
  log.append([report('works-a/cems-1', BEGIN + 20 * MINUTE_MS, { nox: 10 }, now)]);
  log.append([{ kind: 'tick', received: now + MINUTE_MS }]);
  while (detector.step());
  const standing = await exceedances('works-a');
  expect(standing.map(({ state, revision }) => [state, revision])).toEqual([['closed', standing[0]?.revision]]);
  const { received, stored, repeats = 0, dead_letters: dead = 0, unclear = 0, beyond_horizon: beyond } = await counts();
  expect(beyond).toBeGreaterThan(0);
  expect(unclear).toBe(0);
  expect((stored ?? 0) + repeats + dead).toBe(received);
  // It goes on as any other, over a restart too.
  detector.close();
  detector = createLocalDetector({ log, detection: new SqliteDetectionStore(database) }, { saveAfter: 200 });
  run('works-a', BEGIN + 21 * DAY_MS, 200);
  expect(await exceedances('works-a')).toHaveLength(2);
});

it('of a site that reports, everything stays that a rewind may read', async () => {
  run('works-a', BEGIN, 200);
  // Silent for most of the horizon: its snapshot before that is all that a rewind could begin at.
  run('works-a', BEGIN + 6.5 * DAY_MS, 120);
  for (let day = 7; day <= 9; day += 1) run('works-b', BEGIN + day * DAY_MS, 30);
  const now = BEGIN + 9.5 * DAY_MS;
  retainAt(now);
  log.append([report('works-a/cems-1', BEGIN + 2.5 * DAY_MS, { nox: 50 }, now)]);
  log.append([{ kind: 'tick', received: now + MINUTE_MS }]);
  while (detector.step());
  const standing = await exceedances('works-a');
  expect(standing).toHaveLength(1);
  expect(standing[0]?.state).toBe('closed');
  expect((await counts())['rewinds']).toBeGreaterThan(0);
});
