/** What a backup says about itself: without it, or where it does not fit, a folder is no backup. */
import { createHash } from 'node:crypto';
import {
  closeSync,
  createReadStream,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { ConfigError, InputError } from '../../contracts/errors.ts';
import { sizeOf } from './file-look.ts';

const MANIFEST_FILE = 'manifest.json';
const FORMAT = 1;

const ManifestSchema = Type.Object({
  format: Type.Integer(),
  product: Type.Literal('stackwarden'),
  /** Of the program that made it. */
  version: Type.String(),
  madeAt: Type.String(),
  schema: Type.Object({ store: Type.Integer(), credentials: Type.Union([Type.Integer(), Type.Null()]) }),
  /** Offsets [first, next) of the log are in it, and its last receipt. */
  log: Type.Object({
    first: Type.Integer(),
    next: Type.Integer(),
    lastReceived: Type.Union([Type.String(), Type.Null()]),
  }),
  /** Offset of the first record that detection had not read. */
  detection: Type.Object({ next: Type.Integer() }),
  files: Type.Array(Type.Object({ name: Type.String(), bytes: Type.Integer(), sha256: Type.String() })),
});
export type BackupManifest = Static<typeof ManifestSchema>;
export type BackupFile = BackupManifest['files'][number];

const compiled = Compile(ManifestSchema);
const PLAIN_NAME = /^[a-z][a-z0-9-]*[.](db|json)$/;

/** Waits until a file or folder is on the disk itself. */
export function syncPath(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

export async function describeFile(folder: string, name: string): Promise<BackupFile> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(join(folder, name)), hash);
  return { name, bytes: sizeOf(join(folder, name)), sha256: hash.digest('hex') };
}

/** Last of all, and whole or not at all: a backup that broke off has none. */
export function writeManifest(folder: string, manifest: Omit<BackupManifest, 'format' | 'product'>): BackupManifest {
  const whole: BackupManifest = { format: FORMAT, product: 'stackwarden', ...manifest };
  const path = join(folder, MANIFEST_FILE);
  writeFileSync(`${path}.new`, `${JSON.stringify(whole, undefined, 2)}\n`, { mode: 0o600 });
  syncPath(`${path}.new`);
  renameSync(`${path}.new`, path);
  syncPath(folder);
  return whole;
}

function parsed(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as unknown;
  } catch (error) {
    throw new InputError(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/**
 * @throws InputError where the folder is no backup, or not a whole one
 * @throws ConfigError where a newer version made it
 */
export function readManifest(folder: string): BackupManifest {
  const path = join(folder, MANIFEST_FILE);
  if (!existsSync(path)) {
    throw new InputError(`There is no ${path}: ${folder} is no backup, or one that did not come to its end.`);
  }
  const value = parsed(path);
  const format = typeof value === 'object' && value !== null && 'format' in value ? value.format : undefined;
  if (typeof format === 'number' && format > FORMAT) {
    throw new ConfigError([`${path} was written by a newer stackwarden. Install that version to restore it.`]);
  }
  if (!compiled.Check(value) || value.files.some(({ name }) => !PLAIN_NAME.test(name))) {
    throw new InputError(`${path} is no manifest of a backup. Take another backup.`);
  }
  return value;
}

/** Compares the files with what the manifest says of them. @throws InputError naming each that differs */
export async function expectFiles(folder: string, { files }: BackupManifest): Promise<void> {
  const wrong: string[] = [];
  for (const { name, bytes, sha256 } of files) {
    const path = join(folder, name);
    if (!existsSync(path)) wrong.push(`${name} is missing`);
    else if (sizeOf(path) !== bytes)
      wrong.push(`${name} has ${String(sizeOf(path))} bytes instead of ${String(bytes)}`);
    else if ((await describeFile(folder, name)).sha256 !== sha256) wrong.push(`${name} has another checksum`);
  }
  if (wrong.length === 0) return;
  throw new InputError(`The backup ${folder} is damaged: ${wrong.join('; ')}. Take another backup.`);
}
