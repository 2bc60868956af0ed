/** Figures of long runs, kept in `docs/reliability.md`: only written where `npm test -- --write` asks for it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';

const PAGE = join(import.meta.dirname, '../../docs/reliability.md');
const GIB = 1_024 ** 3;

function machine(): string {
  const memory = Math.round(totalmem() / GIB);
  return `${String(cpus().length)} cores, ${String(memory)} GiB, Node ${process.versions.node}, ${process.platform}`;
}

/** The page with a row of its table replaced; the row is found by its first cell. @throws where there is no such row */
export function withResult(page: string, what: string, cells: readonly string[]): string {
  const lines = page.split('\n');
  const at = lines.findIndex((line) => line.startsWith(`| ${what} |`));
  if (at < 0) throw new Error(`docs/reliability.md has no row "${what}"`);
  return lines.with(at, `| ${[what, ...cells].join(' | ')} |`).join('\n');
}

/**
 * Writes what a run came to into its row, where that was asked for.
 * @param counts what was done, how often
 * @param result what came of it
 */
export function recordResult(
  what: string,
  command: string,
  { counts, result }: { counts: string; result: string },
): void {
  if (process.env['STACKWARDEN_TEST_WRITE'] !== '1') return;
  const date = new Date().toISOString().slice(0, 10);
  const cells = [`\`${command}\``, counts, result, machine(), date];
  writeFileSync(PAGE, withResult(readFileSync(PAGE, 'utf8'), what, cells));
}
