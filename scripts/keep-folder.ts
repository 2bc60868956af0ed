/**
 * Makes the data folder that `tests/upgrade` opens with every later version: `npx tsx scripts/keep-folder.ts DIR`.
 * Run it once with the version whose files are to be kept, right before their schema changes, and pack what it makes:
 * `gzip -9 DIR/*`. Two plants for nine hours, an order and a mark through the API's records, dead letters, a repeat and
 * a rewritten value; closed cleanly, so that the folder is one file a database.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { openForReading } from '../backends/sqlite/open-database.ts';
import { openEmbeddedStore } from '../cli/embedded-store.ts';
import type { LogEntry } from '../contracts/log-record.ts';
import { KILL_REGISTRY, killStream, type StreamStep } from '../tests/end-to-end/kill-stream.ts';

const SEED = 20_261_205;
const MINUTES = 540;
const MINUTE_MS = 60_000;
const BEGIN = Date.parse('2026-02-02T00:00:00+08:00');

/** Each step arrives 2 s after its minute; stored reports come as they were stored. */
function reportsOf(step: StreamStep, minute: number): LogEntry[] {
  const received = BEGIN + minute * MINUTE_MS + 2_000;
  return step.flatMap(({ device, reports }) => {
    const [site = '', name = ''] = device.split('/');
    return reports.map((body): LogEntry => ({ kind: 'report', received, site, device: name, body }));
  });
}

function enteredAt(received: number): LogEntry[] {
  const order = {
    id: 'kept-order',
    kind: 'shutdown',
    level: 'red',
    from: '2026-02-02T05:00:00+08:00',
    to: '2026-02-02T08:00:00+08:00',
    graceMinutes: 30,
    scope: { lines: ['works-a/line-1'] },
    document: 'practice',
  };
  const mark = {
    site: 'works-b',
    outlet: 'stack-1',
    state: 'maintenance',
    from: '2026-02-02T02:00:00+08:00',
    to: '2026-02-02T03:00:00+08:00',
  };
  const dead = { reason: 'payload-not-json', detail: 'kept', topic: 'stackwarden/v1/works-a/cems-1/report' } as const;
  return [
    { kind: 'order', received, body: JSON.stringify(order), by: 'kept' },
    { kind: 'mark', received, body: JSON.stringify(mark), by: 'kept' },
    { kind: 'dead', received, ...dead, payload: '{"ts":', encoding: 'utf8' },
  ];
}

/** A value of the first hour, sent again with another number. */
function rewrite(received: number): LogEntry {
  const body = JSON.stringify({ ts: '2026-02-02T00:10:00+08:00', values: { nox: 12.5 }, resent: true });
  return { kind: 'report', received, site: 'works-a', device: 'cems-1', body };
}

const folder = resolve(process.argv[2] ?? 'kept');
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const store = await openEmbeddedStore(folder);
const append = (entries: readonly LogEntry[]): Promise<number> => store.store.append(entries);
await append([{ kind: 'registry', received: BEGIN, files: [{ name: 'kept.yaml', text: KILL_REGISTRY }] }]);
for (const [minute, step] of killStream(MINUTES, SEED).entries()) {
  await append(reportsOf(step, minute));
  if (minute === 240) await append(enteredAt(BEGIN + minute * MINUTE_MS + 3_000));
  if (minute === 400) await append([rewrite(BEGIN + minute * MINUTE_MS + 3_000)]);
}
await append([{ kind: 'tick', received: BEGIN + MINUTES * MINUTE_MS + 60_000 }]);
const { password } = await store.credentials.addDevice('works-a/cems-1', ['works-a/cems-1']);
const { secret } = await store.credentials.addKey('kept', 'admin');
for (;;) {
  const { lagRecords } = await store.reader.tally();
  if (lagRecords === 0) break;
}
await store.close();

const database = openForReading(folder);
const findings = database
  .prepare(
    'SELECT body FROM finding JOIN finding_revision r ON r.finding = finding.n AND r.revision = finding.revision ORDER BY id',
  )
  .all() as { body: string }[];
const means = database.prepare('SELECT body FROM mean ORDER BY site, start_at, series').all() as { body: string }[];
database.close();
writeFileSync(join(folder, 'findings.ndjson'), findings.map(({ body }) => `${body}\n`).join(''));
writeFileSync(join(folder, 'means.ndjson'), means.map(({ body }) => `${body}\n`).join(''));
writeFileSync(join(folder, 'secrets.json'), JSON.stringify({ key: secret, password }));
process.stdout.write(`${String(findings.length)} findings, ${String(means.length)} means in ${folder}\n`);
