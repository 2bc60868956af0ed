// refused by home-of-fastify: node_modules/@fastify/helmet
export * as part1 from '@fastify/helmet';
