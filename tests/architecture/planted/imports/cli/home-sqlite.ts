// refused by home-of-photostructure-sqlite: node_modules/@photostructure/sqlite
export * as part1 from '@photostructure/sqlite';
