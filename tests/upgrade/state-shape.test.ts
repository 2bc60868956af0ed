/**
 * What saved states look like must not change unnoticed: two versions may read each other's. The scenarios are played
 * and the slots of all that is saved are compared with `state-format-N.txt`. Where they differ, raise `STATE_FORMAT`,
 * see to it that `completeEventState` completes what older versions saved, and run this once with `-u`. Where no release
 * has carried the format yet, or only a scenario was added or finds something else than before, `-u` alone is right.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { LogRecord } from '../../contracts/log-record.ts';
import { SIGNALS } from '../../contracts/signals.ts';
import type { WireReport } from '../../contracts/report.ts';
import { parseInstant } from '../../contracts/time/instant.ts';
import { STATE_FORMAT } from '../../detect/core/state-format.ts';
import { createLocalDetector } from '../../detect/runner/local-detector.ts';
import { unpackText } from '../../detect/runner/packed-text.ts';
import type { LocalStore } from '../../detect/runner/running-detector.ts';
import type { TestReport } from '../support/device-reports.ts';
import { toRecords } from '../support/replay-reports.ts';

const SCENARIOS = join(import.meta.dirname, '..', 'scenarios');
const SIGNAL_IDS: ReadonlySet<string> = new Set(SIGNALS.map(({ id }) => id));
/** Free text of rules, in nobody's way: it is only shown. */
const FREE = new Set(['evidence', 'subject', 'changes', 'body']);

type FileLine = WireReport & { readonly site: string; readonly device: string; readonly received?: string };

function readReports(scenario: string): readonly TestReport[] {
  const lines = readFileSync(join(SCENARIOS, scenario, 'reports.ndjson'), 'utf8').split('\n');
  return lines
    .filter((line) => line !== '')
    .map((line) => {
      const { site, device, received, ...report } = JSON.parse(line) as FileLine;
      return { site, device, report, ...(received === undefined ? {} : { received: parseInstant(received) }) };
    });
}

/** Hands each saved text to `onSaved`; enough of a store for a detector of one run. */
function listeningStore(records: readonly LogRecord[], onSaved: (key: string, text: string) => void): LocalStore {
  const state = new Map<string, string>();
  let next = 0;
  return {
    log: {
      read: (from, limit) => records.slice(from, from + limit),
      readSite: (site, from, to) =>
        records.slice(from, to).filter((record) => record.kind === 'report' && record.site === site),
      bounds: () => ({ first: 0 }),
    },
    detection: {
      commit: (batch) => {
        next = batch.nextOffset;
        for (const { key, value } of batch.state) {
          if (value === null) state.delete(key);
          else {
            state.set(key, value);
            onSaved(key, value);
          }
        }
      },
      nextOffset: () => next,
      readState: (prefix) =>
        [...state].filter(([key]) => key.startsWith(prefix)).map(([key, value]) => ({ key, value })),
    },
  };
}

/** Names of slots are words; ids of the registry, signals, offsets and instants are what such a map is keyed by. */
function slotName(key: string): string {
  return /^[a-z][A-Za-z]*$/.test(key) && !SIGNAL_IDS.has(key) ? key : '*';
}

function addSlots(value: unknown, path: string, slots: Map<string, Set<string>>): void {
  if (Array.isArray(value)) {
    for (const part of value) addSlots(part, `${path}[]`, slots);
    return;
  }
  if (typeof value !== 'object' || value === null) {
    const kinds = slots.get(path) ?? new Set();
    slots.set(path, kinds.add(value === null ? 'null' : typeof value));
    return;
  }
  for (const [key, part] of Object.entries(value)) {
    const slot = `${path}.${slotName(key)}`;
    if (FREE.has(key)) slots.set(slot, new Set(['free']));
    else addSlots(part, slot, slots);
  }
}

function slotsOf(scenario: string, slots: Map<string, Set<string>>): void {
  const registry = readFileSync(join(SCENARIOS, scenario, 'registry.yaml'), 'utf8');
  const store = listeningStore(toRecords(registry, readReports(scenario)), (key, value) => {
    const kind = key.split('/')[0] ?? '';
    if (kind === 'shared') addSlots(JSON.parse(value), kind, slots);
    if (kind !== 'site' && kind !== 'base') return;
    addSlots(JSON.parse(unpackText(value.slice(value.indexOf('\n') + 1))), 'state', slots);
  });
  const detector = createLocalDetector(store, { saveAfter: 60, sliceMs: 0.001 });
  while (detector.step());
  detector.close();
}

it('what is saved has the slots of its format', async () => {
  const slots = new Map<string, Set<string>>();
  const scenarios = readdirSync(SCENARIOS, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  for (const { name } of scenarios) slotsOf(name, slots);
  const lines = [...slots].map(([path, kinds]) => `${path}: ${[...kinds].sort().join(' | ')}`).sort();
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(`state-format-${String(STATE_FORMAT)}.txt`);
});
