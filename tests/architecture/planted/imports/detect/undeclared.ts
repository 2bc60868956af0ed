// refused by declared-package: node_modules/semver
export * as part1 from 'semver';
