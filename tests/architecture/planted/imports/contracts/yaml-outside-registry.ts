// refused by home-of-js-yaml: node_modules/js-yaml
export * as part1 from 'js-yaml';
