// accepted: a unit test has the test tools
export * as part1 from '../contracts/report.ts';
export * as part2 from '../tests/support/series.ts';
export * as part3 from 'fast-check';
