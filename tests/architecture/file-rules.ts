/** What holds for every source file whatever its language: its name, its length, its disabled rules. */

const CODE = /[.](ts|js|mjs|cjs|css|html|sh)$/;
/** Every part kebab-case; more parts say what kind of file it is. */
const KEBAB_CASE = /^[.]?[a-z0-9]+(-[a-z0-9]+)*([.](test|suite|cases|generated|config|d))?[.][a-z]+$/;
/** A rule's file has the rule's name, `category.behaviour`. */
const RULE_FILE = /^detect\/rules\/[a-z]+[.][a-z]+(-[a-z]+)*([.]test)?[.]ts$/;
/** A name that says nothing: what is in it has a better one. */
const SAYS_NOTHING = ['util', 'utils', 'helper', 'helpers', 'common', 'manager', 'service', 'handler', 'data', 'info'];
const LENGTH_EXEMPT = /([.](test|cases|generated)[.]|^tests\/)/;
const MAX_LINES = 300;

export const isCode = (path: string): boolean => CODE.test(path);

function nameProblems(path: string): readonly string[] {
  const parts = path.split('/');
  const file = parts.at(-1) ?? '';
  const words = [...parts.slice(0, -1), file.slice(0, file.indexOf('.', 1)).split('-').at(-1) ?? ''];
  const idle = words.filter((word) => SAYS_NOTHING.includes(word));
  return [
    ...(KEBAB_CASE.test(file) || RULE_FILE.test(path) ? [] : [`${path}: the name is not kebab-case`]),
    ...idle.map((word) => `${path}: the name \`${word}\` says nothing: name what it does`),
  ];
}

/** `-- reason` is asked of every rule that is switched off, and switching off all of them is refused. */
function disableProblems(path: string, text: string): readonly string[] {
  return [...text.matchAll(/(?:\/\/|\/\*)\s*eslint-disable(?:-next-line|-line)?([^\n]*)/g)]
    .map(([, rest = '']) => rest)
    .filter((rest) => !/^\s+[@a-z][^\n]*? -- \S/.test(rest))
    .map(() => `${path}: a disabled rule is named and has its reason: eslint-disable-next-line RULE -- REASON`);
}

export function fileProblems(path: string, text: string): readonly string[] {
  const lines = text.split('\n').length - 1;
  const tooLong = lines > MAX_LINES && !LENGTH_EXEMPT.test(path);
  return [
    ...nameProblems(path),
    ...disableProblems(path, text),
    ...(tooLong ? [`${path}: ${lines} lines, at most ${MAX_LINES}`] : []),
  ];
}
