/** What a test run came to, written for `scripts/test.ts` to print as its last words. */
import { writeFileSync } from 'node:fs';
import type { Reporter, SerializedError, TestModule } from 'vitest/node';

export interface Skipped {
  readonly name: string;
  /** As given by `context.skip(reason)`. */
  readonly reason: string | undefined;
}

export interface Summary {
  readonly passed: number;
  /** Tests, and files or hooks that broke outside of one. */
  readonly failed: number;
  readonly skipped: readonly Skipped[];
}

/** Where the reporter leaves the summary; unset when vitest is run by itself. */
export const SUMMARY_FILE = 'STACKWARDEN_TEST_SUMMARY';

function summarise(modules: readonly TestModule[], unhandled: readonly SerializedError[]): Summary {
  let passed = 0;
  let failed = unhandled.length;
  const skipped: Skipped[] = [];
  for (const module of modules) {
    const before = failed;
    for (const test of module.children.allTests()) {
      const result = test.result();
      if (result.state === 'passed') passed += 1;
      else if (result.state === 'skipped') {
        skipped.push({ name: `${module.relativeModuleId} > ${test.fullName}`, reason: result.note });
      } else failed += 1;
    }
    if (!module.ok() && failed === before) failed += 1;
  }
  return { passed, failed, skipped };
}

export class TestSummary implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const file = process.env[SUMMARY_FILE];
    if (file !== undefined) writeFileSync(file, JSON.stringify(summarise(modules, unhandled)));
  }
}
