import { readFileSync } from 'node:fs';

/** The version of this program; beside the sources its package is one folder up, in dist/ two. */
export function programVersion(): string {
  for (const place of ['../package.json', '../../package.json']) {
    try {
      const file = JSON.parse(readFileSync(new URL(place, import.meta.url), 'utf8')) as {
        name?: string;
        version?: string;
      };
      if (file.name === 'stackwarden' && file.version !== undefined) return file.version;
    } catch (error) {
      if ((error as { code?: string }).code !== 'ENOENT') throw error;
    }
  }
  return '0.0.0';
}
