// refused by no-cycle: detect/cycle-two.ts
export * as part1 from './cycle-two.ts';
