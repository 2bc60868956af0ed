// accepted: the registry is written in YAML
export * as part1 from 'js-yaml';
export * as part2 from '../report.ts';
