// refused by shipped-code-uses-shipped-packages: node_modules/fast-check
export * as part1 from 'fast-check';
