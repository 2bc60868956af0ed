import { expect } from 'vitest';
import { cruiseTree } from '../../scripts/cruise.ts';
import { describePlanted } from './planted-tree.ts';

const CONFIGURATION = ['.dependency-cruiser.mjs', 'scripts/layout.js', 'tsconfig.json', 'package.json'];

describePlanted('imports', CONFIGURATION, async (root) => {
  const { violations, missed, cruised } = await cruiseTree(root);
  expect({ missed, lookedAt: cruised > 0 }).toEqual({ missed: [], lookedAt: true });
  return violations.flatMap(({ from, to, rule, cycle = [] }) => {
    const own = { path: from, rule: rule.name, message: to };
    // A cycle is told once, for its first file.
    return [own, ...cycle.map(({ name }) => ({ path: name, rule: rule.name, message: from }))];
  });
});
