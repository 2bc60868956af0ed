/** The packages that the built program runs with, as the lock file names them and as they are installed here. */
import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

interface LockedPackage {
  readonly version: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
}

export interface ProductionPackage {
  /** `node_modules/…` */
  readonly path: string;
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  /** Below `path`; empty where the package brings no text of its licence. */
  readonly texts: readonly string[];
}

const KAFKA = 'node_modules/node-rdkafka';
export const KAFKA_BINARY = `${KAFKA}/build/Release/node-librdkafka.node`;
/** Of more than 500 MB, most are sources and what the compiler left: this runs, and the licences it has to carry. */
const KAFKA_PARTS = [
  'package.json',
  'LICENSE.txt',
  'librdkafka.js',
  'lib',
  'build/Release/node-librdkafka.node',
  'build/deps/librdkafka.so.1',
  'build/deps/librdkafka++.so.1',
  'deps/librdkafka/LICENSES.txt',
];
/** Headers for the compiler. */
const ONLY_TO_COMPILE = new Set(['node_modules/nan']);
const LICENCE_TEXT = /^(licen[cs]es?|copying|notice)\b/i;

function licenceTexts(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => LICENCE_TEXT.test(name))
    .sort();
}

function describe(root: string, path: string): ProductionPackage {
  const folder = join(root, path);
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    name: string;
    version: string;
    license?: string;
  };
  const texts = path === KAFKA ? ['LICENSE.txt', 'deps/librdkafka/LICENSES.txt'] : licenceTexts(folder);
  return { path, name, version: version.replace(/^v/, ''), licence: license ?? 'not named', texts };
}

/**
 * In the order of the lock file. Optional ones that were not installed, such as binaries of other platforms, are left
 * out, and so is Kafka's client where it was not compiled.
 * @throws Error where one that is needed is missing, or is another version than the lock file says
 */
export function productionPackages(root: string): readonly ProductionPackage[] {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Readonly<Record<string, LockedPackage>>;
  };
  const withKafka = existsSync(join(root, KAFKA_BINARY));
  return Object.entries(packages).flatMap(([path, { version, dev, optional }]) => {
    if (path === '' || dev === true || ONLY_TO_COMPILE.has(path)) return [];
    if (path === KAFKA && !withKafka) return [];
    if (!existsSync(join(root, path, 'package.json'))) {
      if (optional === true) return [];
      throw new Error(`${path} is not installed: npm ci --ignore-scripts`);
    }
    const found = describe(root, path);
    if (found.version !== version)
      throw new Error(`${path} is ${found.version}, the lock file says ${version}: npm ci --ignore-scripts`);
    return [found];
  });
}

/** Packages inside a package stand in the lock file by themselves. */
export function copyPackage(root: string, target: string, { path }: ProductionPackage): void {
  const from = join(root, path);
  const to = join(target, path);
  const options = { recursive: true, dereference: true };
  if (path === KAFKA) {
    for (const part of KAFKA_PARTS) cpSync(join(from, part), join(to, part), options);
    return;
  }
  const isInner = (source: string): boolean => basename(source) === 'node_modules' && dirname(source) === from;
  cpSync(from, to, { ...options, filter: (source) => !isInner(source) });
}

export function licenceList(packages: readonly ProductionPackage[]): string {
  const rows = packages.map(({ name, version, licence, path, texts }) => {
    const where = texts.length === 0 ? 'no text in the package' : texts.map((text) => `${path}/${text}`).join(', ');
    return `| ${name} | ${version} | ${licence} | ${where} |`;
  });
  return `# What stackwarden is built on

stackwarden itself is Apache-2.0 (LICENSE). Beside it this folder holds:

| package | version | licence | its text |
| --- | --- | --- | --- |
${rows.join('\n')}

\`@photostructure/sqlite\` contains SQLite, which is in the public domain; \`node-rdkafka\` contains librdkafka (BSD-2-Clause)
and what that contains: deps/librdkafka/LICENSES.txt names it.
`;
}
