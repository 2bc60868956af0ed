/**
 * How a command finds the server that runs on a data folder: a private file with its address and a key that is valid
 * while it runs.
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Credentials } from '../contracts/ports/credentials.ts';
import { InputError, UnavailableError } from '../contracts/errors.ts';

const FILE = 'server.json';
/** Name of the key that the commands on this machine use while the server runs. */
export const LOCAL_KEY_NAME = 'local-commands';

interface Running {
  readonly url: string;
  readonly secret: string | null;
}

/** Tells the commands where the server is. @returns what takes it back */
export async function publishServer(
  folder: string,
  url: string,
  credentials: Credentials | undefined,
): Promise<() => Promise<void>> {
  const path = join(folder, FILE);
  let secret: string | null = null;
  let id: string | undefined;
  if (credentials !== undefined) {
    // A killed server leaves its key behind.
    for (const key of await credentials.listKeys())
      if (key.name === LOCAL_KEY_NAME && key.revokedAt === undefined) await credentials.revokeKey(key.id);
    const added = await credentials.addKey(LOCAL_KEY_NAME, 'admin');
    ({ secret } = added);
    ({ id } = added.key);
  }
  writeFileSync(path, JSON.stringify({ url, secret } satisfies Running), { mode: 0o600 });
  return async () => {
    rmSync(path, { force: true });
    if (id !== undefined) await credentials?.revokeKey(id);
  };
}

/** Asks the server that runs on the folder. @throws UnavailableError where none answers */
export async function askServer(
  folder: string,
  path: string,
  init: { method: string; body?: unknown },
): Promise<{ status: number; body: unknown }> {
  const file = join(folder, FILE);
  if (!existsSync(file))
    throw new UnavailableError(`no server answers for ${folder} yet, though the folder is in use; try again`);
  const { url, secret } = JSON.parse(readFileSync(file, 'utf8')) as Running;
  const headers = {
    'content-type': 'application/json',
    ...(secret === null ? {} : { authorization: `Bearer ${secret}` }),
  };
  let response: Response;
  try {
    response = await fetch(new URL(path, url), {
      method: init.method,
      headers,
      ...(init.body === undefined ? {} : { body: JSON.stringify(init.body) }),
    });
  } catch (error) {
    throw new UnavailableError(
      `the server at ${url} does not answer: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  const text = await response.text();
  try {
    return { status: response.status, body: text === '' ? null : (JSON.parse(text) as unknown) };
  } catch (error) {
    throw new InputError(
      `the server answered ${String(response.status)} with something else than JSON: ${String(error)}`,
    );
  }
}
