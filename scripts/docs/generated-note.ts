/** Head of every generated page: whoever wants to change it is sent to its source. */
export function generatedNote(source: string): string {
  return `<!-- Made from ${source} by \`npm run docs\`: change it there. -->\n`;
}

/** A cell of a Markdown table. */
export function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
