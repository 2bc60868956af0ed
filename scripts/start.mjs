/**
 * `npm start`: the whole system with the simulated city, built first where dist/ is missing or older than a source.
 * Further flags go to `stackwarden start`: `npm start -- --http 9090`. One process: signals reach it directly.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, STAMP } from './build.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
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

function isBuilt() {
  const builtAt = changedAt(STAMP);
  if (builtAt === 0) return false;
  /** @type {{ include: string[] }} */
  const { include } = JSON.parse(readFileSync(join(ROOT, 'tsconfig.build.json'), 'utf8'));
  const folders = include.map((name) => join(ROOT, name)).filter((path) => changedAt(path) > 0);
  return Math.max(...SETTINGS.map((name) => changedAt(join(ROOT, name))), ...folders.map(newestIn)) <= builtAt;
}

if (!isBuilt()) {
  console.error('building, once: a few seconds');
  if (!build()) process.exit(1);
}
const command = join(ROOT, 'dist/cli/main.js');
process.argv = [process.execPath, command, 'start', '--demo', ...process.argv.slice(2)];
await import(pathToFileURL(command).href);
