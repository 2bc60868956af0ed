// refused by pure-rests-on-pure: detect/runner/innocent.ts
export * as part1 from '../runner/innocent.ts';
