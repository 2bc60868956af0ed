/**
 * `npm start`: the whole system with the simulated city, built first where dist/ is missing or older than a source.
 * Further flags go to `stackwarden start`: `npm start -- --http 9090`. One process: signals reach it directly.
 */
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, isBuilt } from './build.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
if (!isBuilt()) {
  console.error('building, once: a few seconds');
  if (!build()) process.exit(1);
}
const command = join(ROOT, 'dist/cli/main.js');
process.argv = [process.execPath, command, 'start', '--demo', ...process.argv.slice(2)];
await import(pathToFileURL(command).href);
