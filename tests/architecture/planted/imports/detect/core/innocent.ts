// accepted: pure code rests on contracts and computing packages
export * as part1 from '../../contracts/report.ts';
export * as part2 from '../../contracts/time/local-time.ts';
export * as part3 from 'typebox';
