// refused by pure-uses-computing-packages-only: node_modules/pino
export * as part1 from 'pino';
