/** What is fetched or unpacked once and kept for the next start. */
import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** $STACKWARDEN_NATIVE_HOME, else a folder in the user's cache; made where it is not there. */
export function cacheFolder() {
  const ownCache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  const folder = process.env['STACKWARDEN_NATIVE_HOME'] ?? join(ownCache, 'stackwarden', 'native');
  mkdirSync(folder, { recursive: true });
  return folder;
}

/**
 * The sha256 of a file, in hexadecimal.
 * @param {string} file
 */
export async function sha256Of(file) {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
