import { defineConfig } from 'vitest/config';
import { TestSummary } from './scripts/test-summary.ts';

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    reporters: ['default', new TestSummary()],
    // What is waited for comes at once, but not on a machine that does ten other things.
    expect: { poll: { timeout: 20_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{contracts,ingest,detect,respond,api,simulators,backends,cli,scripts}/**/*.test.ts'],
          // Nothing waits for so long; a loaded machine may.
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['tests/**/*.test.ts'],
          exclude: ['tests/architecture/planted/**'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
