// refused by unit-tests-use-support-only: tests/architecture/innocent.test.ts
export * as part1 from '../tests/architecture/innocent.test.ts';
