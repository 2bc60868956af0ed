// refused by home-of-prom-client: node_modules/prom-client
export * as part1 from 'prom-client';
