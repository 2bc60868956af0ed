// refused by only-commands-compose: cli/words.ts
export * as part1 from '../cli/words.ts';
