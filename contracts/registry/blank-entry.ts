/** Takes the entry out of a YAML text that keeps the rest from being read. */

const ITEM = /^( *)-(?: |$)/;
const TOP = /^[^\s#-]/;

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

/**
 * The text with the outermost list entry around a line blank; every other line keeps its number. `undefined` where
 * the line stands in no list: then nothing can be said about the rest.
 *
 * An entry that is left open, with a missing bracket for instance, is only noticed where the next one begins: if the
 * spot is at the very beginning of an entry, or a key at the margin, the entry before it is taken out.
 * @param number line number from 1
 * @param column of the spot on that line, from 0
 */
export function blankEntry(text: string, number: number, column: number): string | undefined {
  const lines = text.split('\n');
  const starts = entryStarts(lines, number - 1);
  const own = starts.at(-1);
  const begins = own === number - 1 && column <= indentOf(lines[own] ?? '');
  const start = begins ? (starts.at(-2) ?? own) : own;
  if (start === undefined) return undefined;
  const indent = indentOf(lines[start] ?? '');
  let end = start + 1;
  while (end < lines.length && !endsEntry(lines[end] ?? '', indent)) end += 1;
  lines.fill('', start, end);
  return lines.join('\n');
}

/** Indices of the lines up to `last` on which an outermost entry of a list at the top begins. */
function entryStarts(lines: readonly string[], last: number): number[] {
  const starts: number[] = [];
  let indent: number | undefined;
  for (let index = 0; index <= last && index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    if (TOP.test(line)) indent = undefined;
    const item = ITEM.exec(line);
    if (item === null) continue;
    indent ??= item[1]?.length ?? 0;
    if (item[1]?.length === indent) starts.push(index);
  }
  return starts;
}

function endsEntry(line: string, indent: number): boolean {
  const text = line.trim();
  // A tab among the indentation is what is broken: it ends nothing.
  return text !== '' && !text.startsWith('#') && !/^ *\t/.test(line) && indentOf(line) <= indent;
}
