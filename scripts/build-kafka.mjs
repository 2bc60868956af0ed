/**
 * `npm run build:kafka`: compiles node-rdkafka, which `npm ci --ignore-scripts` leaves out, with one line added: what
 * `sendOffsetsToTransaction` was given is never freed by 3.6.1, 96 bytes for each entry, hundreds of megabytes a day.
 * What is built already is not built again; `--force` does.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PACKAGE = join(ROOT, 'node_modules/node-rdkafka');
/** The version whose source was read. */
const KNOWN_VERSION = '3.6.1';

const LEAKING = 'ProducerSendOffsetsToTransaction::~ProducerSendOffsetsToTransaction() {}\n';
const FREEING = `ProducerSendOffsetsToTransaction::~ProducerSendOffsetsToTransaction() {
  RdKafka::TopicPartition::destroy(m_topic_partitions);
}
`;

/**
 * @param {string} version of the package, as its package.json writes it
 * @param {string} source of src/workers.cc
 * @returns {{ source: string, said: string }} the source to build from, and what was done to it
 */
export function withoutLeak(version, source) {
  const unpatched = 'building unpatched: `sendOffsetsToTransaction` may leak memory';
  if (version.replace(/^v/, '') !== KNOWN_VERSION)
    return { source, said: `node-rdkafka is ${version}, the change is for ${KNOWN_VERSION}; ${unpatched}` };
  if (source.includes(FREEING)) return { source, said: 'the leak was closed before' };
  if (source.split(LEAKING).length !== 2)
    return { source, said: `src/workers.cc is not that of ${KNOWN_VERSION}; ${unpatched}` };
  return { source: source.replace(LEAKING, FREEING), said: 'the leak of `sendOffsetsToTransaction` is closed' };
}

/** @param {string} folder of the package */
export function closeLeak(folder) {
  const path = join(folder, 'src/workers.cc');
  /** @type {{ version: string }} */
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const before = readFileSync(path, 'utf8');
  const { source, said } = withoutLeak(version, before);
  if (source !== before) writeFileSync(path, source);
  return said;
}

/** Built from the source as it is now, for this Node. */
function isBuilt() {
  const binary = join(PACKAGE, 'build/Release/node-librdkafka.node');
  if (!existsSync(binary)) return false;
  if (statSync(binary).mtimeMs < statSync(join(PACKAGE, 'src/workers.cc')).mtimeMs) return false;
  return spawnSync(process.execPath, ['-e', 'require("node-rdkafka")'], { cwd: ROOT }).status === 0;
}

/** @param {readonly string[]} flags */
function build(flags) {
  if (!existsSync(PACKAGE)) {
    console.error('node-rdkafka is not there: npm ci --ignore-scripts --include=optional');
    return 1;
  }
  console.log(closeLeak(PACKAGE));
  if (!flags.includes('--force') && isBuilt()) {
    console.log('it is built already');
    return 0;
  }
  console.log('npm rebuild node-rdkafka: 3 to 5 minutes');
  // Where `npm ci` was run with --ignore-scripts set for good, the compiler is a script that has to run after all.
  const args = ['rebuild', 'node-rdkafka', '--ignore-scripts=false'];
  const { status } = spawnSync('npm', args, { cwd: ROOT, stdio: 'inherit' });
  if (status === 0 && isBuilt()) return 0;
  console.error(
    'node-rdkafka was not built: it needs a C++ compiler, make, Python 3, and the headers of zlib and OpenSSL',
  );
  return 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = build(process.argv.slice(2));
