// refused by no-cycle: detect/cycle-one.ts
export * as part1 from './cycle-one.ts';
