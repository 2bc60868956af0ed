import { builtinModules } from 'node:module';
import tseslint from 'typescript-eslint';
import { LENGTH_EXEMPT, LOCAL_TIME, PORTS, PURE_FOLDERS } from './scripts/layout.js';

// A later block replaces an earlier one's options of the same rule, so the lists are put together here.

const NO_DEFAULT_EXPORT = {
  selector: 'ExportDefaultDeclaration, ExportSpecifier[exported.name="default"]',
  message: 'default export: give it the name of its file.',
};
const USE_CAUGHT_ERROR = {
  selector: 'CatchClause[param=null]',
  message: 'unused caught error: a catch that does not look at the error hides the ones nobody expected.',
};
const ENV_ONLY_IN_CONFIG = {
  selector: [
    'MemberExpression[object.name="process"]:matches([property.name="env"], [property.value="env"])',
    'VariableDeclarator[init.name="process"] > ObjectPattern > Property[key.name="env"]',
  ].join(', '),
  message: 'process.env is read in cli/ and */config.ts only: take the value as an argument.',
};
const NO_WAITING = [
  { selector: 'AwaitExpression', message: 'await in a pure zone: it works on values that are there.' },
  { selector: ':function[async=true]', message: 'async in a pure zone: it works on values that are there.' },
  { selector: 'ImportExpression', message: 'import() in a pure zone: import it statically, or not at all.' },
  { selector: 'ForOfStatement[await=true]', message: 'for await in a pure zone: it works on values that are there.' },
];
const PLAIN_SYNTAX = [NO_DEFAULT_EXPORT, USE_CAUGHT_ERROR];

const BARE_BUILTINS = builtinModules
  .filter((name) => !name.includes(':'))
  .map((name) => ({ name, message: `write node:${name}.` }));
const NO_ENV_IMPORT = { name: 'node:process', importNames: ['env'], message: ENV_ONLY_IN_CONFIG.message };
const NO_NODE = { regex: '^node:', message: 'node built-in in a pure zone: what it gives is an argument here.' };

const IMPURE_GLOBALS = [
  ...['Date', 'performance'].map((name) => ({ name, message: 'clock in a pure zone: time is an argument.' })),
  ...['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'].map((name) => ({
    name,
    message: 'timer in a pure zone: timers are ticks in the log.',
  })),
  ...['console', 'process', 'fetch', 'Promise', 'globalThis', 'global'].map((name) => ({
    name,
    message: 'the world outside in a pure zone: return a value, the runner around it acts.',
  })),
  { name: 'crypto', message: 'randomness in a pure zone: use a generator that is seeded by argument.' },
];
const NO_RANDOM = {
  object: 'Math',
  property: 'random',
  message: 'randomness in a pure zone: use a generator that is seeded by argument.',
};

/** Nothing but values in, values out; `allowed` names the globals that this place may use after all. */
const pureRules = (allowed = []) => ({
  'no-restricted-globals': ['error', ...IMPURE_GLOBALS.filter(({ name }) => !allowed.includes(name))],
  'no-restricted-properties': ['error', NO_RANDOM],
  'no-restricted-imports': ['error', { paths: BARE_BUILTINS, patterns: [NO_NODE] }],
  'no-restricted-syntax': ['error', ...PLAIN_SYNTAX, ENV_ONLY_IN_CONFIG, ...NO_WAITING],
});

const TESTS = ['**/*.test.ts', 'tests/**/*.ts'];

export default tseslint.config(
  { ignores: ['dist/', 'coverage/', 'data/', 'tmp/', 'tests/architecture/planted/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.{ts,js,mjs}'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // Lost data: a promise nobody waits for, a case nobody handles, an error nobody sees.
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', caughtErrors: 'all' }],
      'no-async-promise-executor': 'error',
      'no-promise-executor-return': 'error',
      'no-unsafe-finally': 'error',
      'no-cond-assign': 'error',
      'no-empty': 'error',
      'no-self-compare': 'error',
      'no-template-curly-in-string': 'error',
      'array-callback-return': 'error',
      'no-eval': 'error',
      eqeqeq: 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      // What a reader of another file relies on.
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      'no-restricted-syntax': ['error', ...PLAIN_SYNTAX, ENV_ONLY_IN_CONFIG],
      'no-restricted-imports': ['error', { paths: [...BARE_BUILTINS, NO_ENV_IMPORT] }],
      'no-console': 'error',
      // Size: two screens a file, one thought a function.
      'max-lines': ['error', { max: 300, skipBlankLines: false, skipComments: false }],
      'max-lines-per-function': ['error', { max: 50 }],
      'max-params': ['error', 4],
      complexity: ['error', 12],
      // Left out on purpose: they punish plain code more than they find (docs/decisions/0001).
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
    },
  },
  {
    files: PURE_FOLDERS.map((folder) => `${folder}/**/*.ts`),
    ignores: [`${PORTS}/**`, LOCAL_TIME, '**/*.test.ts'],
    rules: pureRules(),
  },
  { files: [LOCAL_TIME], rules: pureRules(['Date']) },
  {
    files: ['cli/**/*.ts', '**/config.ts', 'scripts/**', 'deploy/**', ...TESTS],
    ignores: PURE_FOLDERS.map((folder) => `${folder}/**/config.ts`),
    rules: {
      'no-restricted-syntax': ['error', ...PLAIN_SYNTAX],
      'no-restricted-imports': ['error', { paths: BARE_BUILTINS }],
    },
  },
  { files: ['cli/**', 'scripts/**', 'deploy/**', 'tests/bench/**'], rules: { 'no-console': 'off' } },
  { files: LENGTH_EXEMPT, rules: { 'max-lines': 'off', 'max-lines-per-function': 'off' } },
  {
    files: TESTS,
    rules: {
      // Matchers such as expect.objectContaining() are any by design.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  { files: ['*.config.{ts,js}', '.*.mjs'], rules: { 'no-restricted-syntax': ['error', USE_CAUGHT_ERROR] } },
  {
    files: ['**/*.{js,mjs}'],
    extends: [tseslint.configs.disableTypeChecked],
    rules: { '@typescript-eslint/explicit-module-boundary-types': 'off' },
  },
);
