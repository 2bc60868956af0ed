// accepted: the commands may use everything
export * as part1 from '../ingest/innocent.ts';
export * as part2 from '../detect/runner/innocent.ts';
export * as part3 from 'commander';
export * as part4 from 'prom-client';
export * as part5 from 'js-yaml';
