// accepted: a stage rests on contracts and its own packages
export * as part1 from '../contracts/report.ts';
export * as part2 from 'aedes';
