/**
 * What a detector made of a stretch of its partition, as messages. One commit is one or more messages: those of
 * `outcomes` hold everything but raw values, which travel in `samples` by themselves because they are a hundred times as
 * many and only series need them. Readers take every version from 1 to their own.
 */
import { UnavailableError } from '../../contracts/errors.ts';
import type { DetectionCommit, Sample } from '../../contracts/ports/detection-store.ts';
import type { Outcome } from '../../contracts/ports/outcome.ts';

const WIRE_VERSION = 1;

/** Values that one message holds at most: about 1 MB. */
const MOST_SAMPLES = 2_000;
/** Findings, means and the like in one message. */
const MOST_ITEMS = 500;

const LISTS = ['findings', 'means', 'deadLetters', 'redriven', 'orders', 'marks'] as const;

function expectVersion(value: { readonly v?: unknown }): void {
  if (typeof value.v === 'number' && value.v >= 1 && value.v <= WIRE_VERSION) return;
  throw new UnavailableError(
    `an outcome was written by a later version (format ${String(value.v)}, known up to ${String(WIRE_VERSION)}): update this process`,
  );
}

/** Nothing to tell apart from the offset gives no message at all, unless it counts something. */
export function encodeOutcomes(from: number, commit: DetectionCommit): Buffer[] {
  const messages: Record<string, unknown>[] = [];
  for (const list of LISTS) {
    const items = commit[list] ?? [];
    for (let at = 0; at < items.length; at += MOST_ITEMS) {
      const last = messages.at(-1);
      const some = items.slice(at, at + MOST_ITEMS);
      // Short lists travel together.
      if (at === 0 && last !== undefined && some.length < MOST_ITEMS / 10) last[list] = some;
      else messages.push({ [list]: some });
    }
  }
  const isQuiet = Object.keys(commit.counts).length === 0 && commit.rules === undefined;
  if (messages.length === 0 && isQuiet) return [];
  if (messages.length === 0) messages.push({});
  return messages.map((message, part) => {
    const isLast = part === messages.length - 1;
    const rest = isLast
      ? { counts: commit.counts, ...(commit.rules === undefined ? {} : { rules: commit.rules }) }
      : {};
    return Buffer.from(
      JSON.stringify({ v: WIRE_VERSION, from, next: commit.nextOffset, part, isLast, ...message, ...rest }),
    );
  });
}

/** @throws UnavailableError of a later version's message */
export function decodeOutcome(value: Buffer): Outcome {
  const read = JSON.parse(value.toString('utf8')) as Partial<Outcome> & { readonly v?: unknown };
  expectVersion(read);
  const empty = { findings: [], means: [], deadLetters: [], redriven: [], orders: [], marks: [], counts: {} };
  return { ...empty, ...read } as Outcome;
}

export function encodeSamples(samples: readonly Sample[]): Buffer[] {
  const messages: Buffer[] = [];
  for (let at = 0; at < samples.length; at += MOST_SAMPLES) {
    messages.push(Buffer.from(JSON.stringify({ v: WIRE_VERSION, samples: samples.slice(at, at + MOST_SAMPLES) })));
  }
  return messages;
}

/** @throws UnavailableError of a later version's message */
export function decodeSamples(value: Buffer): readonly Sample[] {
  const read = JSON.parse(value.toString('utf8')) as { readonly v?: unknown; readonly samples: readonly Sample[] };
  expectVersion(read);
  return read.samples;
}
