/**
 * `npm run pack:server`: everything a server needs as one file, for servers without containers and without internet.
 * `-- --out DIR` writes it there instead of tmp/server; `-- --folder DIR` lays the same out in DIR and packs nothing.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { build, isBuilt } from './build.mjs';
import { builtHere, layOut, packName } from './pack/server-tree.ts';

const ROOT = join(import.meta.dirname, '..');

/** The same commit gives the same bytes: files are as old as it. Seconds since 1970. */
function ageOfFiles(): string {
  const given = process.env['SOURCE_DATE_EPOCH'];
  if (given !== undefined) return given;
  const { status, stdout } = spawnSync('git', ['log', '-1', '--format=%ct'], { cwd: ROOT, encoding: 'utf8' });
  return status === 0 ? stdout.trim() : '0';
}

function pack(folder: string, name: string): string {
  const file = join(folder, `${name}.tar.gz`);
  const same = ['--sort=name', `--mtime=@${ageOfFiles()}`, '--owner=0', '--group=0', '--numeric-owner'];
  const args = [...same, '--use-compress-program=gzip -n', '-C', folder, '-cf', file, name];
  const { status } = spawnSync('tar', args, { stdio: 'inherit' });
  if (status !== 0) throw new Error('tar did not pack it: GNU tar and gzip are needed');
  return file;
}

function packInto(folder: string): void {
  const name = packName(builtHere(ROOT));
  mkdirSync(folder, { recursive: true });
  rmSync(join(folder, name), { recursive: true, force: true });
  layOut(ROOT, join(folder, name));
  const file = pack(folder, name);
  rmSync(join(folder, name), { recursive: true });
  const bytes = readFileSync(file);
  const sum = createHash('sha256').update(bytes).digest('hex');
  writeFileSync(`${file}.sha256`, `${sum}  ${name}.tar.gz\n`);
  console.log(`${file} (${(bytes.length / 1e6).toFixed(1)} MB)`);
  console.log(`${file}.sha256`);
}

const { values } = parseArgs({ options: { out: { type: 'string' }, folder: { type: 'string' } } });
if (!isBuilt() && !build()) process.exit(1);
if (values.folder === undefined) packInto(resolve(values.out ?? join(ROOT, 'tmp/server')));
else if (existsSync(values.folder)) throw new Error(`${values.folder} is there already`);
else layOut(ROOT, resolve(values.folder));
