import { relative } from 'node:path';
import { ESLint } from 'eslint';
import { describePlanted } from './planted-tree.ts';

const CONFIGURATION = ['eslint.config.js', 'scripts/layout.js', 'tsconfig.json', 'package.json'];

describePlanted('lint', CONFIGURATION, async (root) => {
  const results = await new ESLint({ cwd: root }).lintFiles(['**/*.ts']);
  return results.flatMap(({ filePath, messages }) =>
    messages.map(({ ruleId, message }) => ({
      path: relative(root, filePath),
      rule: ruleId ?? 'eslint',
      message,
    })),
  );
});
