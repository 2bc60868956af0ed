/** As much of PromQL as is needed to say which series an expression asks for. Whether it is right is promtool's to say. */

export interface Selector {
  readonly metric: string;
  /** Label → the value it must have or match; those that must not are left out. */
  readonly matchers: Readonly<Record<string, string>>;
  readonly labels: readonly string[];
}

const STRING = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g;
const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };
/** Labels, not series, stand in the brackets behind these. */
const LABEL_LISTS = /\b(by|without|on|ignoring|group_left|group_right)\s*\(([^)]*)\)/g;
const WORDS = new Set(['and', 'or', 'unless', 'bool', 'offset', 'inf', 'nan']);
/** A name, not a function's, with what it must match where that stands behind it. */
const NAME = /(?<![\w"$])([a-zA-Z_:][\w:]*)(\s*\{((?:[^{}"]|"(?:[^"\\]|\\.)*")*)\})?(?!\w)(?!\s*\()/g;
const MATCHER = /(\w+)\s*(=~|!~|!=|=)\s*("(?:[^"\\]|\\.)*")/g;

/** @throws Error where brackets do not match */
function expectBalanced(expression: string): void {
  const open: string[] = [];
  for (const character of expression.replace(STRING, '')) {
    const closing = CLOSING[character];
    if (closing !== undefined) open.push(closing);
    else if (Object.values(CLOSING).includes(character) && open.pop() !== character)
      throw new Error(`brackets do not match: ${expression}`);
  }
  if (open.length > 0) throw new Error(`brackets are left open: ${expression}`);
}

function matchersOf(text: string): { readonly matchers: Record<string, string>; readonly labels: string[] } {
  const found = [...text.matchAll(MATCHER)];
  const positive = found.filter(([, , operator]) => operator === '=' || operator === '=~');
  return {
    matchers: Object.fromEntries(
      positive.map(([, label = '', , value = '""']) => [label, JSON.parse(value) as string]),
    ),
    labels: found.map(([, label = '']) => label),
  };
}

/** Labels by which an expression groups or matches. */
export function groupingLabels(expression: string): readonly string[] {
  return [...expression.replace(STRING, '""').matchAll(LABEL_LISTS)]
    .flatMap(([, , list = '']) => list.split(','))
    .map((label) => label.trim())
    .filter((label) => label !== '');
}

/** @throws Error where brackets do not match */
export function selectorsOf(expression: string): readonly Selector[] {
  expectBalanced(expression);
  const plain = expression.replace(LABEL_LISTS, ' ').replaceAll(/\[[^\]]*\]/g, ' ');
  const found: Selector[] = [];
  for (const [, metric = '', , braces = ''] of plain.matchAll(NAME)) {
    if (!WORDS.has(metric.toLowerCase())) found.push({ metric, ...matchersOf(braces) });
  }
  return found;
}
