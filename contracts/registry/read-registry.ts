/**
 * Registry files to the registry that the stages see, or to everything that is wrong with them at once.
 *
 * Reading goes on behind every problem with what is left, so that one run shows all of them; a registry is given
 * back only where there are none. Pure: the same files, in any order, give the same registry.
 */
import { Compile } from 'typebox/compile';
import type { JsonSchema } from './describe-value.ts';
import { fitSchema } from './fit-schema.ts';
import { fnv1a64 } from './fnv1a64.ts';
import { locateLines } from './locate.ts';
import { parseFile, type Fault, type ParsedFile } from './parse-file.ts';
import { spell, topOf } from './place.ts';
import { createProblemList, type ProblemList, type Remark } from './problem-list.ts';
import { formatPath, type Problem } from './problem.ts';
import { readParts, type DraftFile } from './read-parts.ts';
import { RegistryFileSchema, type Draft, type RegistryFile } from './registry-file.ts';
import type { Registry } from './registry.ts';

export interface RegistryText {
  /** As messages shall name it. */
  readonly name: string;
  readonly text: string;
}

export interface ReadRegistry {
  /** Absent where there is any problem. */
  readonly registry: Registry | undefined;
  /** In the order of file and line. */
  readonly problems: readonly Problem[];
  /** Worth a look; they keep nothing from working. */
  readonly warnings: readonly Problem[];
}

const validator = Compile(RegistryFileSchema);

/**
 * Reads the files as one registry: lists are joined, `version` and `timezone` must agree where they are given.
 * About 2 s for 10,000 sites (13 MB of YAML), twice that where lines have to be looked up for many problems.
 */
export function readRegistry(files: readonly RegistryText[]): ReadRegistry {
  if (files.length === 0) return { registry: undefined, problems: [NO_FILES], warnings: [] };
  const sorted = files.toSorted((left, right) => compare(left.name, right.name) || compare(left.text, right.text));
  const list = createProblemList();
  const parsed = sorted.map(({ text }) => parseFile(text));
  const drafts = parsed.map((file, index) => fitFile(file, index, list));
  const incomplete = parsed.some((file) => file.incomplete);
  const registry = readParts(drafts, versionOf(sorted), incomplete, list);
  const sources = sorted.map(({ name }, index) => ({ name, text: parsed[index]?.text ?? '' }));
  const faults = parsed.flatMap((file, index) =>
    file.faults.map((fault) => faultProblem(fault, sources[index]?.name ?? '')),
  );
  const located = locate([...list.problems, ...list.warnings], sources);
  const problems = [...faults, ...located.slice(0, list.problems.length)].toSorted(byPosition);
  const warnings = located.slice(list.problems.length).toSorted(byPosition);
  return { registry: problems.length === 0 ? registry : undefined, problems, warnings };
}

const NO_FILES: Problem = {
  file: '',
  line: 1,
  path: '',
  code: 'file-empty',
  message: 'there is no registry file',
  remedy: 'Give a YAML file, or a folder with files that end in .yaml, .yml or .json.',
};

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function byPosition(left: Problem, right: Problem): number {
  return compare(left.file, right.file) || left.line - right.line;
}

/** A name of the contents: FNV-1a over the sorted hashes of the texts, so neither order nor names of files matter. */
function versionOf(files: readonly RegistryText[]): string {
  const hashes = files.map(({ text }) => fnv1a64(text));
  return fnv1a64(hashes.toSorted().join(' '));
}

function fitFile(file: ParsedFile, index: number, list: ProblemList): DraftFile {
  const top = topOf(index);
  if (file.value === undefined || (file.value === null && file.incomplete)) return { draft: {}, top };
  if (file.value === null) {
    list.problem(top, 'file-empty', { message: 'this file is empty', remedy: 'Fill it, or remove it.' });
    return { draft: {}, top };
  }
  if (validator.Check(file.value)) return { draft: file.value, top };
  const before = list.problems.length;
  const schema: JsonSchema = RegistryFileSchema as unknown as JsonSchema;
  const draft = fitSchema(schema, file.value, top, list.misfit) as Draft<RegistryFile> | undefined;
  if (list.problems.length === before) {
    // The words above cover less than the schema asks for: say it in the validator's words rather than not at all.
    for (const error of validator.Errors(file.value)) {
      list.misfit(top, 'value-invalid', { message: `${error.instancePath} ${error.message}`, remedy: 'Correct it.' });
    }
  }
  return { draft: draft ?? {}, top };
}

function faultProblem({ line, path, code, message, remedy }: Fault, file: string): Problem {
  return { file, line, path, code, message, remedy };
}

/** The remarks with their lines; each file that is spoken of is read once more for it. */
function locate(remarks: readonly Remark[], files: readonly RegistryText[]): readonly Problem[] {
  const places = remarks.flatMap(({ place, other }) => (other === undefined ? [place] : [place, other])).map(spell);
  const byFile = new Map<number, (readonly (string | number)[])[]>();
  for (const { file, keys } of places) {
    const paths = byFile.get(file);
    if (paths === undefined) byFile.set(file, [keys]);
    else paths.push(keys);
  }
  const lines = new Map<number, Iterator<number, undefined>>();
  for (const [file, paths] of byFile) lines.set(file, locateLines(files[file]?.text ?? '', paths).values());
  // Lines come back in the order in which the places were asked for, file by file.
  const spots = places.map(({ file, keys }) => {
    const line = lines.get(file)?.next().value ?? 1;
    return { file: files[file]?.name ?? '', line, path: formatPath(keys) };
  });
  let next = 0;
  return remarks.map(({ code, message, remedy, other }) => {
    const { file, line, path } = spots[next++] ?? { file: '', line: 1, path: '' };
    const second = other === undefined ? undefined : spots[next++];
    const where = second === undefined ? '' : ` (the other one: ${second.file}:${second.line})`;
    return { file, line, path, code, message: message + where, remedy };
  });
}
