import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { SqliteCredentials } from '../../backends/sqlite/sqlite-credentials.ts';
import { T0 } from './builders.ts';
import { describeCredentials } from './credentials.suite.ts';
import { temporaryFolder } from './sqlite-folder.ts';

describeCredentials('sqlite', async () => {
  const { folder, remove } = temporaryFolder();
  const credentials = new SqliteCredentials(folder, () => T0);
  const other = new SqliteCredentials(folder, () => T0);
  return {
    credentials,
    other,
    close: async () => {
      credentials.close();
      other.close();
      remove();
    },
  };
});

it('keeps no secret, in files that only their owner may read', async () => {
  const { folder, remove } = temporaryFolder();
  const credentials = new SqliteCredentials(folder);
  const { password } = await credentials.addDevice('a/b', ['a/b']);
  const { secret } = await credentials.addKey('wall', 'watch');
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const content = readFileSync(path, 'latin1');
    expect(content).not.toContain(password);
    expect(content).not.toContain(secret.slice(-32));
    expect(statSync(path).mode & 0o077).toBe(0);
  }
  credentials.close();
  remove();
});
