/** What a running detector holds between slices, and the snapshots among it. */
import { InvariantError } from '../../contracts/errors.ts';
import type { LogRecord } from '../../contracts/log-record.ts';
import type { DetectionCommit } from '../../contracts/ports/detection-store.ts';
import type { Engine } from '../core/engine.ts';
import type { Outputs } from '../core/outputs.ts';
import { unpackText } from './packed-text.ts';

/** The two ports as the thread that owns the store has them: synchronous. */
export interface LocalStore {
  readonly log: {
    read(fromOffset: number, limit: number): readonly LogRecord[];
    readSite(site: string, fromOffset: number, toOffset: number): readonly LogRecord[];
    bounds(): { readonly first: number };
  };
  readonly detection: {
    commit(batch: DetectionCommit): void;
    nextOffset(): number;
    readState(prefix: string): readonly { readonly key: string; readonly value: string }[];
  };
}

export interface Running {
  readonly engine: Engine;
  /** Snapshots of this slice that are not stored yet. */
  readonly fresh: Map<string, string>;
  /** Of them, those that were made while reading again and are not in the store: earlier versions named them otherwise. */
  readonly unstored: Map<string, string>;
  /** Snapshots that were let go: deleted once the site is saved, for a restart may still need them. */
  readonly letGo: Map<string, string[]>;
  /** Offset up to which each site's saved state includes the log. */
  readonly savedAt: Map<string, number>;
  /** A site that was never saved may have changed. */
  hasUnsaved: boolean;
  /** Before this offset no other site is due to be saved. */
  nextSaveAt: number;
  next: number;
}

export function createRunning(engine: Engine): Running {
  return {
    engine,
    fresh: new Map(),
    unstored: new Map(),
    letGo: new Map(),
    savedAt: new Map(),
    hasUnsaved: true,
    nextSaveAt: 0,
    next: 0,
  };
}

function siteOfKey(key: string): string {
  return key.split('/')[1] ?? '';
}

/**
 * The text of a snapshot; undefined for the empty beginning.
 * @param stored what is kept under its key, asked only where it is not of this slice
 */
export function snapshotText({ fresh }: Running, key: string, stored: () => string | undefined): string | undefined {
  if (key === '') return undefined;
  const text = fresh.get(key);
  if (text !== undefined) return text;
  const packed = stored();
  if (packed === undefined) throw new InvariantError(`the snapshot ${key} is gone although a rewind may need it`);
  return unpackText(packed);
}

/** Takes the snapshots over; what was made meanwhile stays in the outputs' other lists. */
export function keepSnapshots(running: Running, outputs: Outputs): void {
  const { fresh, letGo } = running;
  for (const [key, text] of outputs.snapshots) {
    const site = siteOfKey(key);
    const others = (letGo.get(site) ?? []).filter((other) => other !== key);
    if (text !== null) fresh.set(key, text);
    // Made again as it was: it is kept.
    letGo.set(site, text === null ? [...others, key] : others);
  }
}

/** What was made while reading again is stored with the next commit where it is not there already. */
export function noteUnstored({ fresh, unstored }: Running, isStored: (key: string) => boolean): void {
  for (const [key, text] of fresh) if (!isStored(key)) unstored.set(key, text);
}
