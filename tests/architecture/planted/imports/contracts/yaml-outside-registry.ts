// refused by home-of-yaml: node_modules/yaml
export * as part1 from 'yaml';
