// accepted: the home of its driver
export * as part1 from '@photostructure/sqlite';
