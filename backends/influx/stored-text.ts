/**
 * A text as it is stored. The server's answers change line ends inside texts, and a lone half of a character is no
 * UTF-8: what is not plain stands as in JSON, and so does the backslash. Ordinary texts stay as they are.
 */
export function toStored(value: string): string {
  return JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"');
}

/** The inverse of {@link toStored}. */
export function fromStored(stored: string): string {
  return JSON.parse(`"${stored.replaceAll('"', '\\"')}"`) as string;
}
