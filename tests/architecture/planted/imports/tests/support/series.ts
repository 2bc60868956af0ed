// accepted: test tools may use everything
export * as part1 from '../../backends/memory/log.ts';
export * as part2 from 'aedes';
