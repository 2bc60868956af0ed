// refused by backends-stand-alone: backends/memory/log.ts
export * as part1 from '../memory/log.ts';
