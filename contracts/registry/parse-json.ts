/**
 * JSON by the platform's parser, ten times as fast as reading it as the YAML that it also is.
 *
 * Gives exactly what the YAML parser would give, or `undefined` where the text is no JSON or holds a key twice, which
 * this parser would quietly replace: then the one that knows lines has to look.
 */
export function parseJson(text: string): unknown {
  if (!/^\s*\{/.test(text)) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return countKeys(value) === countColons(text) ? value : undefined;
  } catch (error) {
    // SyntaxError: flow-style YAML begins with a brace as well. RangeError: nested too deeply for either parser.
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
}

function countKeys(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const parts: unknown[] = Object.values(value);
  let count = Array.isArray(value) ? 0 : parts.length;
  for (const part of parts) count += countKeys(part);
  return count;
}

/** Colons of a JSON text outside its strings: one for each key that is written. */
function countColons(text: string): number {
  let count = 0;
  let quoted = false;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit === QUOTE) quoted = !quoted;
    else if (quoted && unit === BACKSLASH) index += 1;
    else if (!quoted && unit === COLON) count += 1;
  }
  return count;
}

const QUOTE = 34;
const COLON = 58;
const BACKSLASH = 92;
