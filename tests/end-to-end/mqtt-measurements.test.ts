/** Real measurements over MQTT into the running product: what stands at its API is what a replay of the files finds. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Finding } from '../../contracts/finding.ts';
import { temporaryFolder } from '../ports/sqlite-folder.ts';
import { commandBuilt, runCommand } from './built-command.ts';
import { sendStored } from './device-line.ts';
import { asLines, standingContent, type FindingContent } from './finding-content.ts';
import { readFindings, readReports, registryOf, reportsOf, type PracticeSet } from './practice-reports.ts';
import { caughtUp, listFindings, readMetrics, startSystem, until, type RunningSystem } from './running-system.ts';

const { folder, remove } = temporaryFolder();
const at = (name: string): string => join(folder, name);
let system: RunningSystem;
let reports = 0;

/**
 * What is known to be in the data; replay-measurements.test.ts recounts it, and says that there is nothing else. A rule
 * that only informs may add findings of its own.
 */
const KNOWN = { 'falsification.frozen': 1, 'limit.hour': 97, 'order.early-restart': 3, 'order.limit': 1 };

function countByRule(findings: readonly FindingContent[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { rule } of findings) counts[rule] = (counts[rule] ?? 0) + 1;
  return counts;
}

/** Both registries as one folder; their districts are the same one, which may stand once. */
function bothRegistries(): string {
  mkdirSync(at('registry'));
  writeFileSync(at('registry/turbine.yaml'), readFileSync(registryOf('turbine')));
  const steel = readFileSync(registryOf('steel'), 'utf8').replace(/^districts:\n.*\n/m, '');
  writeFileSync(at('registry/steel.yaml'), steel);
  return at('registry');
}

beforeAll(async () => {
  await commandBuilt();
  system = await startSystem(at('folder'), ['--insecure', '--registry', bothRegistries()]);
  const [steel, turbine] = [readReports('steel'), readReports('turbine')];
  reports = steel.length + turbine.length;
  await sendStored(system.ready.mqttUrl, steel, 500);
  // Four days at a time: meter and monitor must not be further apart than the seven days that late reports may be.
  await sendStored(system.ready.mqttUrl, turbine, 100);
  await caughtUp(system);
}, 400_000);

afterAll(async () => {
  await (system as RunningSystem | undefined)?.stop();
  remove();
});

/** Each set by itself, as somebody would who has only its file. */
async function replayed(set: PracticeSet): Promise<readonly Finding[]> {
  const args = [
    'replay',
    '--registry',
    registryOf(set),
    '--reports',
    reportsOf(set),
    '--findings',
    at(`${set}.ndjson`),
  ];
  expect(await runCommand(args)).toMatchObject({ code: 0 });
  return readFindings(at(`${set}.ndjson`));
}

it('finds what a replay of the files finds', { timeout: 200_000 }, async () => {
  const expected = standingContent([...(await replayed('steel')), ...(await replayed('turbine'))]);
  expect(countByRule(Object.values(expected))).toMatchObject(KNOWN);
  // Late reports are gathered for some seconds before their site is read again.
  const content = await until(
    async () => standingContent(await listFindings(system)),
    (found) => isDeepStrictEqual(found, expected),
    30_000,
  );
  expect(content).toEqual(expected);
});

it('has counted every report once', async () => {
  const metrics = await readMetrics(system);
  expect(metrics.get('stackwarden_detect_received_total')).toBe(reports);
  expect(metrics.get('stackwarden_detect_stored_total')).toBe(reports);
  expect(metrics.get('stackwarden_ingest_reports_total')).toBe(reports);
});

it('makes the same findings byte for byte from its exported log', { timeout: 200_000 }, async () => {
  const exported = await runCommand(['export', '--data', at('folder'), '--log', at('log.ndjson.gz')]);
  expect(exported).toMatchObject({ code: 0 });
  const shown: readonly Finding[] = await listFindings(system);
  const args = ['replay', '--log', at('log.ndjson.gz'), '--findings', at('from-log.ndjson')];
  expect(await runCommand(args)).toMatchObject({ code: 0 });
  expect(asLines(readFindings(at('from-log.ndjson')))).toEqual(asLines(shown));
});
