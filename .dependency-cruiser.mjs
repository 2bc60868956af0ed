import { LOCAL_TIME, PACKAGE_HOMES, PORTS, PURE_FOLDERS, SHIPPED, STAGES } from './scripts/layout.js';

const any = (names) => `(${names.join('|')})`;
const TEST = '[.]test[.]ts$';
const STAGE = `^${any(STAGES)}/`;
const IN_SHIPPED = `^${any(SHIPPED)}/`;
const PURE = { path: `^${any(PURE_FOLDERS)}/`, pathNot: [TEST, `^${PORTS}/`, `^${LOCAL_TIME}$`] };
/** Packages that compute and do nothing else. */
const PURE_PACKAGES = 'node_modules/(typebox|simple-statistics|yaml|js-yaml)/';
const PACKAGE = ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-bundled'];

const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

const LAYERS = [
  forbid(
    'contracts-know-nothing-of-ours',
    'contracts/ are the shared words: whatever they import, everyone imports.',
    { path: '^contracts/' },
    { path: `^${any([...STAGES, 'cli'])}/` },
  ),
  forbid(
    'stages-meet-in-contracts',
    'Stages meet in the log: what two of them need is a word of contracts/ or a port.',
    { path: STAGE },
    { path: STAGE, pathNot: '^$1/' },
  ),
  forbid(
    'backends-stand-alone',
    'A backend is one technology and can be taken away alone; secrets/ is none, and rests on none.',
    { path: '^backends/([^/]+)/' },
    { path: '^backends/', pathNot: '^backends/($1|secrets)/' },
  ),
  forbid(
    'only-commands-compose',
    'cli/ puts the parts together: nothing rests on it.',
    { path: STAGE },
    { path: '^cli/' },
  ),
  forbid(
    'shipped-code-stands-without-tests',
    'tests/ and scripts/ are not shipped.',
    { path: IN_SHIPPED, pathNot: TEST },
    { path: ['^(tests|scripts)/', TEST] },
  ),
  forbid(
    'unit-tests-use-support-only',
    'What crosses folders is tested in tests/.',
    { path: `${IN_SHIPPED}.*${TEST}` },
    { path: '^(tests|scripts)/', pathNot: '^tests/support/' },
  ),
];

const PURITY = [
  forbid('pure-rests-on-pure', 'The pure core knows nothing of the runner around it.', PURE, {
    path: `^${any([...SHIPPED, 'tests', 'scripts'])}/`,
    pathNot: `^${any(PURE_FOLDERS)}/`,
  }),
  forbid('pure-uses-no-node-builtin', 'What a built-in gives is an argument here.', PURE, {
    dependencyTypes: ['core'],
  }),
  forbid('pure-uses-computing-packages-only', 'A package that does I/O has no place here.', PURE, {
    dependencyTypes: PACKAGE,
    pathNot: PURE_PACKAGES,
  }),
];

const HOMES = Object.entries(PACKAGE_HOMES).map(([name, homes]) =>
  forbid(
    `home-of-${name.split('|')[0].replace(/^@/, '').replace('/', '-')}`,
    `Imported in ${homes.join(', ')} only: elsewhere go through a port.`,
    { pathNot: [`^${any(homes)}/`, '^(tests|scripts)/'] },
    { path: `node_modules/(${name})/` },
  ),
);

const HYGIENE = [
  forbid('no-cycle', 'Two files that need each other are one, or miss a third.', {}, { circular: true }),
  forbid(
    'no-orphan',
    'Nothing uses it and it uses nothing.',
    { orphan: true, pathNot: [TEST, '^(tests|scripts)/', '^cli/main[.]ts$'] },
    {},
  ),
  forbid('resolvable', 'The import leads nowhere.', {}, { couldNotResolve: true }),
  forbid(
    'declared-package',
    'Put the package into package.json.',
    {},
    { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
  ),
  forbid(
    'shipped-code-uses-shipped-packages',
    'A development package is not there in production.',
    { path: IN_SHIPPED, pathNot: TEST },
    { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
  ),
];

export default {
  forbidden: [...LAYERS, ...PURITY, ...HOMES, ...HYGIENE],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['^tests/architecture/planted/', '^dist/'] },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
