/** What a slice made, as it is committed: outputs, the states that are due to be saved, and the offset. */
import type { DetectionCommit } from '../../contracts/ports/detection-store.ts';
import type { Outputs } from '../core/outputs.ts';
import { toMean } from '../core/scribe.ts';
import { STATE_FORMAT } from '../core/state-format.ts';
import { toFinding } from '../findings/to-finding.ts';
import { RULES } from '../rules/index.ts';
import { toRuleEntry } from '../rules/rule.ts';
import { packText } from './packed-text.ts';
import type { Running } from './running-detector.ts';

export const SHARED = 'shared';
export const REPLAY_FROM = 'replay-from';
/** Offset of the next record, where the state is not beside the offset in one table. */
export const NEXT = 'next';
/** The newest format among the states: one look at a start, where snapshots are read only when they are needed. */
export const FORMAT = 'format';
/** A city's sites fall due together; spread over slices, none of them keeps acknowledgements waiting. */
const MOST_SAVES = 40;

export function merge(into: Outputs | undefined, more: Outputs): Outputs {
  if (into === undefined) return more;
  const counts = { ...into.counts };
  for (const [name, value] of Object.entries(more.counts)) counts[name] = (counts[name] ?? 0) + value;
  return {
    findings: [...into.findings, ...more.findings],
    means: [...into.means, ...more.means],
    samples: [...into.samples, ...more.samples],
    wantsSamples: into.wantsSamples,
    deadLetters: [...into.deadLetters, ...more.deadLetters],
    redriven: [...into.redriven, ...more.redriven],
    orders: [...into.orders, ...more.orders],
    marks: [...into.marks, ...more.marks],
    snapshots: new Map([...into.snapshots, ...more.snapshots]),
    counts,
  };
}

/**
 * Sites whose state has to be written with this commit: those that were never saved, and those that changed long ago.
 * A slice is some dozen reports and a city thousands of changed sites: they are gone through when one may be due.
 */
export function sitesToSave(running: Running, saveAfter: number, all: boolean): readonly string[] {
  const { savedAt, next } = running;
  if (!all && !running.hasUnsaved && next < running.nextSaveAt) return [];
  const due: string[] = [];
  running.hasUnsaved = false;
  // What changes after this slice changes at a later offset than this.
  running.nextSaveAt = next + saveAfter;
  for (const [site, since] of running.engine.dirty()) {
    const isNew = !savedAt.has(site);
    const isDue = isNew || next - since >= saveAfter;
    if (all || (isDue && due.length < MOST_SAVES)) due.push(site);
    else {
      running.hasUnsaved ||= isNew;
      running.nextSaveAt = Math.min(running.nextSaveAt, since + saveAfter);
    }
  }
  return due;
}

export function stateEntries(
  running: Running,
  outputs: Outputs,
  saves: readonly string[],
  withShared: boolean,
): DetectionCommit['state'] {
  const state: { key: string; value: string | null }[] = [];
  for (const [key, text] of running.unstored) state.push({ key, value: packText(text) });
  running.unstored.clear();
  for (const [key, text] of outputs.snapshots) if (text !== null) state.push({ key, value: packText(text) });
  for (const site of saves) {
    state.push({ key: `site/${site}`, value: `${String(running.next)}\n${packText(running.engine.save(site))}` });
    for (const key of running.letGo.get(site) ?? []) state.push({ key, value: null });
    running.letGo.delete(site);
    running.savedAt.set(site, running.next);
  }
  if (withShared) state.push({ key: SHARED, value: running.engine.saveShared() });
  let from = running.next;
  for (const since of running.engine.dirty().values()) from = Math.min(from, since);
  state.push({ key: REPLAY_FROM, value: String(from) });
  return state;
}

export function toCommit(
  running: Running,
  outputs: Outputs,
  state: DetectionCommit['state'],
  isFirst: boolean,
): DetectionCommit {
  const format = { key: FORMAT, value: String(STATE_FORMAT) };
  const time = running.engine.registry()?.time;
  const { findings, means, samples, deadLetters, redriven, orders, marks } = outputs;
  return {
    nextOffset: running.next,
    findings: time === undefined ? [] : findings.map((note) => toFinding(note, time)),
    means:
      time === undefined
        ? []
        : means.map((note) => toMean(note, time, note.again ? 'revised' : note.isFinal ? 'final' : 'provisional')),
    samples,
    deadLetters,
    redriven,
    orders,
    marks,
    state: isFirst ? [...state, format] : state,
    counts: Object.fromEntries(Object.entries(outputs.counts).filter(([, value]) => value !== 0)),
    ...(isFirst ? { rules: RULES.map(toRuleEntry) } : {}),
  };
}
