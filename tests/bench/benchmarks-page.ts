/** `docs/benchmarks.md`: each benchmark writes its own part of the page, between two comments of its name. */
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';

const PAGE = join(import.meta.dirname, '../../docs/benchmarks.md');
const GIB = 1_024 ** 3;

export interface Row {
  readonly what: string;
  readonly figure: string;
  /** Empty: there is none. */
  readonly goal: string;
}

const begin = (name: string): string => `<!-- ${name} -->`;
const end = (name: string): string => `<!-- /${name} -->`;

/**
 * The page with one part replaced; everything else stays as it is.
 * @throws where the page has no such part
 */
export function withPart(page: string, name: string, text: string): string {
  const [from, to] = [page.indexOf(begin(name)), page.indexOf(end(name))];
  if (from < 0 || to < from)
    throw new Error(`docs/benchmarks.md has no place for ${name}: ${begin(name)} … ${end(name)}`);
  return `${page.slice(0, from + begin(name).length)}\n\n${text}\n\n${page.slice(to)}`;
}

function machine(): string {
  const [cpu] = cpus();
  return `${cpus().length} cores (${cpu?.model.trim() ?? 'unknown'}), ${Math.round(totalmem() / GIB)} GiB, Node ${process.versions.node}, ${process.platform}`;
}

/** What was measured, when and on what, and a table of it. */
export function measuredTable(command: string, rows: readonly Row[]): string {
  const date = new Date().toISOString().slice(0, 10);
  const lines = rows.map(({ what, figure, goal }) => `| ${what} | ${figure} | ${goal} |`);
  return [
    `Measured with \`${command}\` on ${date}: ${machine()}.`,
    '',
    '| what | figure | goal |',
    '| --- | --- | --- |',
    ...lines,
  ].join('\n');
}

/** @throws where the page has no such part: better known before a long run than after it */
export function expectPart(name: string): void {
  withPart(readFileSync(PAGE, 'utf8'), name, '');
}

export function writePart(name: string, text: string): void {
  writeFileSync(PAGE, withPart(readFileSync(PAGE, 'utf8'), name, text));
}

/** One row a line, for the terminal. */
export function printRows(rows: readonly Row[]): void {
  for (const { what, figure, goal } of rows)
    process.stdout.write(`${what}: ${figure}${goal === '' ? '' : `   (goal ${goal})`}\n`);
}
