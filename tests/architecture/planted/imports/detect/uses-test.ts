// refused by shipped-code-stands-without-tests: detect/innocent.test.ts
export * as part1 from './innocent.test.ts';
