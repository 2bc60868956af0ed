/** Cuts the text of a JSON array into the texts of its elements, so that each is kept exactly as it was sent. */

const QUOTE = 34;
const COMMA = 44;
const BACKSLASH = 92;

/** -1 closes a list or an object, 1 opens one. */
function depthChange(code: number): number {
  if (code === 91 || code === 123) return 1;
  return code === 93 || code === 125 ? -1 : 0;
}

/** Position of the quote that ends the string which begins at `start`. */
function stringEnd(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1) {
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === BACKSLASH) slashes += 1;
    if (slashes % 2 === 0) return end;
    end = text.indexOf('"', end + 1);
  }
  return text.length;
}

/**
 * @param text JSON that is known to be one array
 * @returns the text of each element, without the white space around it; linear in the length of the text
 * @example splitArray('[{"a":1}, 2.0]') // ['{"a":1}', '2.0']
 */
export function splitArray(text: string): readonly string[] {
  const parts: string[] = [];
  const open = text.indexOf('[');
  let depth = 0;
  let start = open + 1;
  for (let at = open; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = stringEnd(text, at);
      continue;
    }
    depth += depthChange(code);
    if (depth === 0 || (code === COMMA && depth === 1)) {
      const part = text.slice(start, at).trim();
      if (part !== '') parts.push(part);
      start = at + 1;
      if (depth === 0) break;
    }
  }
  return parts;
}
