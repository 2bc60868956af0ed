/** `stackwarden registry check PATH`: everything that is wrong with a registry, at once. */
import { InputError } from '../../contracts/errors.ts';
import { formatProblem } from '../../contracts/registry/problem.ts';
import { readRegistry, type ReadRegistry } from '../../contracts/registry/read-registry.ts';
import type { Registry } from '../../contracts/registry/registry.ts';
import { loadRegistryFiles } from '../registry-files.ts';

/** Where text goes: a stream of the process, or a list in a test. */
export interface TextSink {
  write(text: string): unknown;
}

export interface RegistryCheckOptions {
  /** One JSON object instead of lines. */
  readonly json: boolean;
  readonly out: TextSink;
  readonly err: TextSink;
}

/**
 * Prints every problem as `file:line: path: message. remedy`, every warning as `file:line: warning: …`, and a
 * summary line. Resolves with the exit code: 1 with problems or without anything to read, 0 without; warnings do
 * not fail.
 */
export async function runRegistryCheck(path: string, { json, out, err }: RegistryCheckOptions): Promise<number> {
  try {
    const files = await loadRegistryFiles(path);
    const read = readRegistry(files);
    out.write(json ? toJson(read, files.length) : toLines(read, files.length));
    return read.problems.length === 0 ? 0 : 1;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    err.write(`${error.message}\n`);
    return 1;
  }
}

function toLines({ registry, problems, warnings }: ReadRegistry, files: number): string {
  const lines = [
    ...problems.map((problem) => formatProblem(problem)),
    ...warnings.map((warning) => formatProblem(warning, 'warning')),
  ];
  const found = `${count(problems.length, 'problem')}, ${count(warnings.length, 'warning')} in ${count(files, 'file')}`;
  const held = registry === undefined ? '' : `: ${describeRegistry(registry)}`;
  return [...lines, `${found}${held}`, ''].join('\n');
}

function toJson({ registry, problems, warnings }: ReadRegistry, files: number): string {
  const holds = registry === undefined ? null : { version: registry.version, ...sizes(registry) };
  return `${JSON.stringify({ ok: registry !== undefined, files, problems, warnings, registry: holds })}\n`;
}

function sizes({ districts, sites, orders, marks }: Registry): Readonly<Record<string, number>> {
  let devices = 0;
  let outlets = 0;
  let limits = 0;
  let lines = 0;
  for (const site of sites.values()) {
    devices += site.devices.size;
    outlets += site.outlets.length;
    lines += site.lines.length;
    for (const outlet of site.outlets) limits += outlet.limits.length;
  }
  const own = { districts: districts.length, sites: sites.size, devices, outlets, limits, lines };
  return { ...own, orders: orders.length, marks: marks.length };
}

function describeRegistry(registry: Registry): string {
  return Object.entries(sizes(registry))
    .map(([what, number]) => count(number, what.replace(/s$/, '')))
    .join(', ');
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
