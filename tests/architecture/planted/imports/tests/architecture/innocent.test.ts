// accepted: what crosses folders may use everything
export * as part1 from '../../cli/words.ts';
export * as part2 from 'fastify';
