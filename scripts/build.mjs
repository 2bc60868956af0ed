/**
 * `npm run build`: the shipped folders as JavaScript in dist/. What no source stands behind any more is taken away;
 * a build with errors leaves dist/ as it was.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const DIST = join(ROOT, 'dist');
const COMMAND = join(DIST, 'cli/main.js');
/** Its time is that of the last good build. */
const STAMP = join(DIST, '.built');

/** Paths of the files that the compiler wrote. */
function compile() {
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--listEmittedFiles'], {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 64 * 1024 * 1024,
  });
  const lines = stdout.split('\n');
  for (const line of lines) if (line !== '' && !line.startsWith('TSFILE: ')) console.log(line);
  return { status, emitted: lines.filter((line) => line.startsWith('TSFILE: ')).map((line) => line.slice(8)) };
}

/** @param {readonly string[]} emitted */
function removeStale(emitted) {
  const wanted = new Set(emitted);
  for (const entry of readdirSync(DIST, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && !wanted.has(path)) rmSync(path);
  }
}

function markExecutable() {
  if (!existsSync(COMMAND)) throw new Error('the build made no dist/cli/main.js: is cli/main.ts there?');
  if (!readFileSync(COMMAND, 'utf8').startsWith('#!'))
    throw new Error('cli/main.ts must begin with #!/usr/bin/env node');
  chmodSync(COMMAND, 0o755);
}

/** Builds, and says whether it went well. */
export function build() {
  const startedAt = new Date();
  const { status, emitted } = compile();
  if (status !== 0) {
    console.error('the build failed: dist/ is as it was');
    return false;
  }
  removeStale(emitted);
  markExecutable();
  writeFileSync(STAMP, '');
  utimesSync(STAMP, startedAt, startedAt);
  return true;
}

const SETTINGS = ['tsconfig.json', 'tsconfig.build.json', 'package.json', 'package-lock.json'];

/** @param {string} path */
const changedAt = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

/**
 * Folders count too: one whose file was taken away is younger than the build.
 * @param {string} folder
 * @returns {number}
 */
function newestIn(folder) {
  const entries = readdirSync(folder, { withFileTypes: true });
  const times = entries.map((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return newestIn(path);
    return entry.name.endsWith('.test.ts') ? 0 : changedAt(path);
  });
  return Math.max(changedAt(folder), ...times);
}

/** Whether dist/ is there and no source is younger. */
export function isBuilt() {
  const builtAt = changedAt(STAMP);
  if (builtAt === 0) return false;
  /** @type {{ include: string[] }} */
  const { include } = JSON.parse(readFileSync(join(ROOT, 'tsconfig.build.json'), 'utf8'));
  const folders = include.map((name) => join(ROOT, name)).filter((path) => changedAt(path) > 0);
  return Math.max(...SETTINGS.map((name) => changedAt(join(ROOT, name))), ...folders.map(newestIn)) <= builtAt;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = build() ? 0 : 1;
