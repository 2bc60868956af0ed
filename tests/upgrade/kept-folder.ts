/** Data folders that earlier versions left, as they were kept; `scripts/keep-folder.ts` made them. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** Unpacks the databases of a version into a folder. */
export function unpackKept(version: number, folder: string): void {
  const from = join(import.meta.dirname, `version-${String(version)}`);
  for (const name of readdirSync(from)) {
    if (!name.endsWith('.db.gz')) continue;
    writeFileSync(join(folder, name.slice(0, -'.gz'.length)), gunzipSync(readFileSync(join(from, name))), {
      mode: 0o600,
    });
  }
}

/** What that version itself said: findings, means, secrets. */
export function keptText(version: number, name: string): string {
  const path = join(import.meta.dirname, `version-${String(version)}`, `${name}.gz`);
  return gunzipSync(readFileSync(path)).toString('utf8');
}

export function keptLines(version: number, name: string): readonly string[] {
  return keptText(version, name)
    .split('\n')
    .filter((line) => line !== '');
}
