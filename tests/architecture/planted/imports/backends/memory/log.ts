// accepted: a backend rests on contracts
export * as part1 from '../../contracts/report.ts';
