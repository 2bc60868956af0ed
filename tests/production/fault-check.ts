/** What every fault ends with: nothing acknowledged is lost, and every finding is there once, as the log makes it. */
import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';
import type { LogRecord } from '../../contracts/log-record.ts';
import { asLines } from '../end-to-end/finding-content.ts';
import { reportKey, type Outbox } from '../end-to-end/outbox.ts';
import { until } from '../end-to-end/running-system.ts';
import { replayedFindings, type ProductionSystem } from './production-system.ts';

const SETTLED_WITHIN_MS = 180_000;

function reportsOf(partitions: readonly (readonly LogRecord[])[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const record of partitions.flat()) {
    if (record.kind !== 'report') continue;
    const key = reportKey(`${record.site}/${record.device}`, record.body);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

/** Everything that was acknowledged is in the log, by another process than those under test. */
export async function expectNothingLost(system: ProductionSystem, { acknowledged, sent }: Outbox): Promise<number> {
  const missing = async (): Promise<{ lost: string[]; invented: string[]; inLog: number }> => {
    const logged = reportsOf(await system.records());
    return {
      lost: [...acknowledged.keys()].filter((key) => !logged.has(key)),
      invented: [...logged.keys()].filter((key) => !sent.has(key)),
      inLog: logged.size,
    };
  };
  const found = await until(missing, ({ lost }) => lost.length === 0, SETTLED_WITHIN_MS);
  expect({ lost: found.lost.length, examples: found.lost.slice(0, 3), invented: found.invented }).toEqual({
    lost: 0,
    examples: [],
    invented: [],
  });
  return found.inLog;
}

/** What the API shows is what a replay of the log finds, byte for byte: none lost, none doubled, none changed. */
export async function expectFindingsOfLog(system: ProductionSystem): Promise<readonly string[]> {
  const pair = async (): Promise<{ shown: readonly string[]; replayed: readonly string[] }> => ({
    replayed: asLines(replayedFindings(await system.records())),
    shown: asLines(await system.findings()),
  });
  const found = await until(pair, ({ shown, replayed }) => isDeepStrictEqual(shown, replayed), SETTLED_WITHIN_MS);
  const shown = new Set(found.shown);
  const replayed = new Set(found.replayed);
  expect({
    missing: found.replayed.filter((line) => !shown.has(line)),
    invented: found.shown.filter((line) => !replayed.has(line)),
    doubled: found.shown.length - shown.size,
  }).toEqual({ missing: [], invented: [], doubled: 0 });
  expect(found.shown.length).toBeGreaterThan(0);
  return found.shown;
}

interface DataPage {
  readonly items: readonly { readonly ts: string }[];
}

/** Instants at which one signal of each site stands in the log, once each. */
function instantsOf(partitions: readonly (readonly LogRecord[])[], site: string): ReadonlySet<number> {
  const instants = new Set<number>();
  for (const record of partitions.flat()) {
    if (record.kind !== 'report' || record.site !== site || record.device !== 'cems-1') continue;
    instants.add(Date.parse((JSON.parse(record.body) as { ts: string }).ts));
  }
  return instants;
}

/** Every value of a monitor that is in the log is read back through the API. @returns how many */
export async function expectSeriesOfLog(system: ProductionSystem, sites: readonly string[]): Promise<number> {
  const records = await system.records();
  let values = 0;
  for (const site of sites) {
    const instants = instantsOf(records, site);
    const from = new Date(Math.min(...instants)).toISOString();
    const to = new Date(Math.max(...instants) + 1).toISOString();
    const shown = async (): Promise<number> => {
      const page = await system.ask<DataPage>(
        `/api/v1/sites/${site}/signals/cems-1.nox/data?from=${encodeURIComponent(from)}&to=${encodeURIComponent(to)}`,
      );
      return new Set(page.items.map(({ ts }) => ts)).size;
    };
    expect(await until(shown, (count) => count === instants.size, SETTLED_WITHIN_MS)).toBe(instants.size);
    values += instants.size;
  }
  return values;
}
