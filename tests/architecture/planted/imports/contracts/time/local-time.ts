// accepted: used by pure code
export * as part1 from '../report.ts';
