/**
 * YAML 1.2 text (JSON is YAML) to plain values.
 *
 * js-yaml, because it is the one parser here that is both complete (it passes the YAML test suite) and fast enough
 * for ten thousand sites; see docs/decisions/0010-registry-parser.md.
 */
import { constructFromEvents, parseEvents, YAMLException, type Event } from 'js-yaml';
import { blankEntry } from './blank-entry.ts';
import { createLineIndex } from './locate.ts';
import { formatPath, type ProblemCode } from './problem.ts';
import { parseJson } from './parse-json.ts';
import { walkEvents } from './walk-events.ts';

/** Something wrong with the text itself, at a known line. */
export interface Fault {
  readonly line: number;
  /** From 0; only of a spot that is no YAML. */
  readonly column?: number;
  readonly path: string;
  readonly code: ProblemCode;
  readonly message: string;
  readonly remedy: string;
}

export interface ParsedFile {
  /** `undefined` where nothing could be read. */
  readonly value: unknown;
  /** The text that `value` was read from: broken entries are blank in it, every line keeps its number. */
  readonly text: string;
  readonly faults: readonly Fault[];
  /** Entries are missing from `value`. */
  readonly incomplete: boolean;
}

/** Broken entries that are left out one after another, and the longest text that is read again for it. */
const MOST_BLANKED = 25;
const LONGEST_BLANKED = 2_000_000;
/** Values a file may have once its aliases are written out: a few lines of them can stand for billions. */
const MOST_VALUES = 20_000_000;

const MANY_DOCUMENTS = 'more than one YAML document';

/** Reads a file, going on behind entries that are no YAML so that all of them are told at once. */
export function parseFile(original: string): ParsedFile {
  const json = parseJson(original);
  if (json !== undefined) return { value: json, text: original, faults: [], incomplete: false };
  const faults: Fault[] = [];
  let text = original;
  for (let round = 0; round <= MOST_BLANKED; round += 1) {
    const parsed = parseOnce(text);
    if (parsed.fault === undefined) {
      faults.push(...parsed.duplicates);
      return { value: parsed.value, text, faults, incomplete: round > 0 };
    }
    const { fault } = parsed;
    if (faults.some(({ line, message }) => line === fault.line && message === fault.message)) break;
    faults.push(fault);
    const blanked =
      fault.column === undefined || text.length > LONGEST_BLANKED
        ? undefined
        : blankEntry(text, fault.line, fault.column);
    if (blanked === undefined) break;
    text = blanked;
  }
  return { value: undefined, text: original, faults, incomplete: true };
}

interface Attempt {
  readonly value: unknown;
  readonly duplicates: readonly Fault[];
  readonly fault: Fault | undefined;
}

function parseOnce(text: string): Attempt {
  try {
    const events = parseEvents(text, {});
    const { value, duplicates } = construct(text, events);
    return { value, duplicates, fault: tooLarge(text, value) };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { value: undefined, duplicates: [], fault: syntaxFault(text, error) };
  }
}

function construct(text: string, events: Event[]): { value: unknown; duplicates: readonly Fault[] } {
  try {
    return { value: oneDocument(constructFromEvents(events, { source: text })), duplicates: [] };
  } catch (error) {
    const duplicates = findDuplicates(text, events);
    if (!(error instanceof YAMLException) || duplicates.length === 0) throw error;
    // The later entry counts, as in JSON, so that reading can go on and tell the rest.
    return { value: oneDocument(constructFromEvents(events, { source: text, json: true })), duplicates };
  }
}

function oneDocument(documents: readonly unknown[]): unknown {
  if (documents.length > 1) throw new YAMLException(MANY_DOCUMENTS);
  return documents[0] ?? null;
}

function syntaxFault(text: string, error: Error): Fault {
  const { reason, mark } = error instanceof YAMLException ? error : { reason: error.message, mark: undefined };
  if (reason === MANY_DOCUMENTS) {
    const line = createLineIndex(text)(text.search(/^(?:---|\.\.\.)/m));
    const message = `${MANY_DOCUMENTS} in this file, expected one`;
    return { line, path: '', code: 'file-syntax', message, remedy: 'Remove the `---` lines, or make a file of each.' };
  }
  const message = `not YAML 1.2: ${reason}`;
  if (mark === undefined) return { line: 1, path: '', code: 'file-syntax', message, remedy: 'Correct the file.' };
  const remedy = reason.includes('tab char')
    ? 'Indent with spaces.'
    : 'Look here and just above for indentation, brackets, quotes and colons.';
  const { line, column } = mark;
  return {
    line: line + 1,
    column,
    path: '',
    code: 'file-syntax',
    message: `${message} (column ${column + 1})`,
    remedy,
  };
}

function findDuplicates(text: string, events: readonly Event[]): Fault[] {
  interface Within {
    readonly path: readonly (string | number)[];
    readonly seen: Set<string | number>;
  }
  const faults: Fault[] = [];
  const lineOf = createLineIndex(text);
  walkEvents<Within>(text, events, { path: [], seen: new Set() }, ({ path, seen }, key, offset) => {
    const inner = [...path, key];
    if (seen.has(key)) {
      const message = `key \`${key}\` stands twice here`;
      faults.push({
        line: lineOf(offset),
        path: formatPath(inner),
        code: 'key-duplicate',
        message,
        remedy: 'Remove one of them.',
      });
    }
    seen.add(key);
    return { path: inner, seen: new Set() };
  });
  return faults;
}

function tooLarge(text: string, value: unknown): Fault | undefined {
  // Without anchors a value is no larger than its text.
  if (!text.includes('&') || !text.includes('*')) return undefined;
  const size = writtenOut(value, new Map());
  if (size <= MOST_VALUES) return undefined;
  const seen = Number.isFinite(size) ? `stand for more than ${MOST_VALUES} values` : 'contain themselves';
  return {
    line: 1,
    path: '',
    code: 'file-too-large',
    message: `aliases of this file ${seen}`,
    remedy: 'Write the entries out.',
  };
}

/** Values of a value with its aliases written out; Infinity where it contains itself. */
function writtenOut(value: unknown, known: Map<object, number>): number {
  if (typeof value !== 'object' || value === null) return 1;
  const before = known.get(value);
  if (before !== undefined) return before;
  known.set(value, Infinity);
  let size = 1;
  for (const part of Object.values(value)) size += writtenOut(part, known);
  known.set(value, size);
  return size;
}
