// refused by home-of-fastify: node_modules/fastify
export * as part1 from 'fastify';
