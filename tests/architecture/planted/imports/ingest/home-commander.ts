// refused by home-of-commander: node_modules/commander
export * as part1 from 'commander';
