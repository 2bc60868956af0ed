// accepted: a port may speak of streams
export * as part1 from 'node:stream';
export * as part2 from '../report.ts';
