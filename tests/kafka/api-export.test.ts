/** What production found, over HTTP, is what a replay of the exported log finds: byte for byte, all partitions together. */
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { runExportKafkaLog } from '../../cli/commands/export-kafka-log.ts';
import { runReplay } from '../../cli/commands/replay.ts';
import { readConfig, type Config } from '../../cli/config.ts';
import { startApiStage, type ApiStage } from '../../cli/stages/api-stage.ts';
import type { Finding } from '../../contracts/finding.ts';
import type { LogEntry } from '../../contracts/log-record.ts';
import type { DeadLetter } from '../../contracts/ports/detection-store.ts';
import { asLines } from '../end-to-end/finding-content.ts';
import { temporaryFolder } from '../ports/sqlite-folder.ts';
import { needKafka } from '../servers/addresses.ts';
import { endsAfterEach } from '../support/ends-after-each.ts';
import { openTestLog, startTestGroup } from './detecting.ts';
import { registryEntry, worksEntries, worksRegistry } from './works.ts';

const SITES = 12;
const MINUTES = 600;
const PARTITIONS = 4;
const SOON = { timeout: 60_000, interval: 100 };
const quiet = { write: () => undefined };
const ends = endsAfterEach();

async function allFindings({ http }: ApiStage): Promise<readonly Finding[]> {
  const response = await fetch(new URL('/api/v1/findings?limit=1000', http.url));
  return ((await response.json()) as { items: Finding[] }).items;
}

async function deadLetterIds({ http }: ApiStage): Promise<readonly string[]> {
  const response = await fetch(new URL('/api/v1/dead-letters?limit=1000', http.url));
  return ((await response.json()) as { items: DeadLetter[] }).items.map(({ id }) => id).sort();
}

const linesOf = (path: string): readonly string[] => readFileSync(path, 'utf8').trimEnd().split('\n');

/** A detector, an API and a log on which both work. */
async function startSystem(brokers: string): Promise<{ config: Config; stage: ApiStage; folder: string }> {
  const log = await openTestLog(brokers, PARTITIONS);
  ends.push(() => log.close());
  const { folder, remove } = temporaryFolder();
  ends.push(async () => {
    remove();
  });
  const strange: LogEntry = { kind: 'report', received: 0, site: 'nowhere', device: 'x', body: '{"values":{}}' };
  const entries = worksEntries(SITES, MINUTES, 3);
  const middle = entries[Math.floor(entries.length / 2)]?.received ?? 0;
  const place = entries.findIndex(({ received }) => received > middle);
  await log.append([
    registryEntry(worksRegistry(SITES)),
    ...entries.slice(0, place),
    { ...strange, received: middle },
    registryEntry(worksRegistry(SITES, 70), middle),
    ...entries.slice(place),
  ]);
  const group = startTestGroup(log, []);
  ends.push(() => group.close());
  const { prefix } = log.settings;
  const flags = { log: 'kafka', kafkaBrokers: brokers, kafkaPrefix: prefix, kafkaPartitions: PARTITIONS } as const;
  const config = readConfig({ ...flags, data: join(folder, 'copy'), http: 0, insecure: true }, {});
  const stage = await startApiStage({ config, logger: pino({ level: 'silent' }) });
  ends.push(() => stage.stop());
  return { config, stage, folder };
}

describe('the log on Kafka, exported', () => {
  it('is replayed to the findings that production shows', { timeout: 240_000 }, async (context) => {
    const { config, stage, folder } = await startSystem(needKafka(context));
    const out = join(folder, 'out');
    mkdirSync(out);
    expect(await runExportKafkaLog(config, join(out, 'log.ndjson.gz'), quiet)).toBe(0);
    const files = readdirSync(out).sort();
    expect(files).toEqual(['log-00.ndjson.gz', 'log-01.ndjson.gz', 'log-02.ndjson.gz', 'log-03.ndjson.gz']);
    const [findings, letters] = [join(folder, 'findings.ndjson'), join(folder, 'letters.ndjson')];
    // In any order: each file says which partition it is.
    const log = files.toReversed().map((name) => join(out, name));
    expect(await runReplay({ log, findings, deadLetters: letters }, quiet)).toBe(0);
    const replayed = linesOf(findings);
    expect(replayed.length).toBeGreaterThan(10);
    await expect.poll(async () => asLines(await allFindings(stage)), SOON).toEqual([...replayed].sort());
    const order = replayed
      .map((line) => JSON.parse(line) as Finding)
      .map(({ detectedAt, id }) => `${detectedAt} ${id}`);
    expect(order).toEqual([...order].sort());
    const ids = linesOf(letters).map((line) => (JSON.parse(line) as DeadLetter).id);
    expect(ids).toEqual([expect.stringMatching(/^dl-[0-3]-\d+$/)]);
    expect(await deadLetterIds(stage)).toEqual(ids);
    await expect
      .poll(
        async () =>
          (await (await fetch(new URL('/metrics', stage.http.url))).text()).match(/_log_oldest_seconds (\d+)/)?.[1],
        SOON,
      )
      .toBe('0');
  });
});
