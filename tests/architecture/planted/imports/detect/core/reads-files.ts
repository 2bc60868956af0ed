// refused by pure-uses-no-node-builtin: fs
export * as part1 from 'node:fs';
