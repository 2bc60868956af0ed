/**
 * `npm test`: all tests that this machine can run. Names what was skipped and why; the last line is the count.
 * Arguments go to vitest: `npm test -- detect/rules --project unit`; `--write` keeps what long runs came to in
 * docs/reliability.md.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SUMMARY_FILE, type Summary } from './test-summary.ts';

/** A run that ended without a summary has broken down: that is one failure. */
const BROKEN_DOWN: Summary = { passed: 0, failed: 1, skipped: [] };

function runVitest(summaryFile: string): number {
  const vitest = join(import.meta.dirname, '../node_modules/vitest/vitest.mjs');
  const args = process.argv.slice(2).filter((arg) => arg !== '--write');
  const write = process.argv.includes('--write') ? { STACKWARDEN_TEST_WRITE: '1' } : {};
  const { status } = spawnSync(process.execPath, [vitest, 'run', ...args], {
    stdio: 'inherit',
    env: { ...process.env, ...write, [SUMMARY_FILE]: summaryFile },
  });
  return status ?? 1;
}

function readSummary(file: string): Summary {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Summary;
  } catch (error) {
    console.error(`the test run left no summary: ${String(error)}`);
    return BROKEN_DOWN;
  }
}

const folder = mkdtempSync(join(tmpdir(), 'stackwarden-test-'));
const status = runVitest(join(folder, 'summary.json'));
const { passed, failed, skipped } = readSummary(join(folder, 'summary.json'));
rmSync(folder, { recursive: true });

for (const { name, reason } of skipped) console.log(`skipped: ${name}: ${reason ?? 'no reason given'}`);
if (passed + failed === 0) console.error('no test ran: that is a failure');
console.log(`${passed} passed, ${failed} failed, ${skipped.length} skipped`);
process.exitCode = status !== 0 || failed > 0 || passed === 0 ? 1 : 0;
