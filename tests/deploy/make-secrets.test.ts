/** Secrets are made once, at random, and the broker's hash is that of the password that ingest is given. */
import { spawnSync } from 'node:child_process';
import { pbkdf2Sync } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../ports/sqlite-folder.ts';

const SCRIPT = join(import.meta.dirname, '../../deploy/make-secrets');

function made(): { readonly folder: string; readonly texts: Readonly<Record<string, string>> } {
  const { folder, remove } = temporaryFolder();
  onTestFinished(remove);
  const secrets = join(folder, 'secrets');
  const { status, stderr } = spawnSync(SCRIPT, [secrets], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
  return { folder: secrets, texts: readAll(secrets) };
}

function readAll(folder: string): Readonly<Record<string, string>> {
  return Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

it('makes each once: another run changes nothing', () => {
  const { folder, texts } = made();
  expect(spawnSync(SCRIPT, [folder]).status).toBe(0);
  expect(readAll(folder)).toEqual(texts);
  const other = made().texts;
  expect(Object.keys(other)).toEqual(Object.keys(texts));
  for (const [name, text] of Object.entries(texts)) expect([name, text]).not.toEqual([name, other[name]]);
});

it('lets only the owner into the folder, and each container read the file that it is handed', () => {
  const { folder, texts } = made();
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  for (const name of Object.keys(texts))
    expect([name, statSync(join(folder, name)).mode & 0o777]).toEqual([name, 0o444]);
});

it('gives the broker the hash of the password in the address that ingest gets', () => {
  const { texts } = made();
  const { username, password } = new URL(texts['broker_url'] ?? '');
  expect(password).toMatch(/^[0-9a-f]{64}$/);
  const [name, line = ''] = (texts['broker_passwords'] ?? '').trim().split(':');
  expect(name).toBe(username);
  const [, kind, iterations, salt = '', hash] = line.split('$');
  expect(kind).toBe('7');
  const key = pbkdf2Sync(password, Buffer.from(salt, 'base64'), Number(iterations), 64, 'sha512');
  expect(key.toString('base64')).toBe(hash);
});
