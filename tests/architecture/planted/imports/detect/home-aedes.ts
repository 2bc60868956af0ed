// refused by home-of-aedes: node_modules/aedes
export * as part1 from 'aedes';
