// refused by contracts-know-nothing-of-ours pure-rests-on-pure: ingest/innocent.ts
export * as part1 from '../ingest/innocent.ts';
