// refused by resolvable: ./not-there.ts
export * as part1 from './not-there.ts';
