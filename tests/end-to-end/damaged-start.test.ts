/** A changed byte under the whole system: it does not start on it, or says so to who asks, and never answers wrongly. */
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { databasePath, openForReading } from '../../backends/sqlite/open-database.ts';
import { fillFolder, flipBit } from '../ports/filled-folder.ts';
import { temporaryFolder } from '../ports/sqlite-folder.ts';
import { commandBuilt, runCommand } from './built-command.ts';
import { startSystem } from './running-system.ts';

const { folder, remove } = temporaryFolder();
const whole = join(folder, 'whole');

beforeAll(async () => {
  await commandBuilt();
  await fillFolder(whole, 260);
}, 400_000);
afterAll(remove);

/** A copy in which one bit of a row is another. */
function damaged(name: string, select: string): string {
  const copy = join(folder, name);
  cpSync(whole, copy, { recursive: true });
  const database = openForReading(copy);
  const [value] = Object.values(database.prepare(select).get() as Record<string, string>);
  database.close();
  const bytes = readFileSync(databasePath(copy));
  const needle = Buffer.from(value as string).subarray(0, 80);
  for (let at = bytes.indexOf(needle); at >= 0; at = bytes.indexOf(needle, at + 1))
    flipBit(databasePath(copy), at + 70, 1);
  return copy;
}

it('ends with 78 where what detection goes on from was changed, and names it', async () => {
  const copy = damaged('state', "SELECT value FROM state WHERE key = 'site/works-a'");
  const outcome = await runCommand(['start', '--data', copy, '--http', '0', '--mqtt', '0', '--insecure']);
  expect(outcome).toMatchObject({ code: 78, stdout: '' });
  expect(outcome.stderr).toMatch(
    /stackwarden\.db is damaged: in its table state, the checksum of key site\/works-a is wrong\. .*stackwarden restore DIR --force/,
  );
  expect(outcome.stderr).not.toMatch(/\n {4}at /);
});

it('ends with 78 where the end of the log was changed', async () => {
  const copy = damaged('log', 'SELECT body FROM log ORDER BY first DESC LIMIT 1');
  const outcome = await runCommand(['start', '--data', copy, '--http', '0', '--mqtt', '0', '--insecure']);
  expect(outcome).toMatchObject({ code: 78, stdout: '' });
  expect(outcome.stderr).toMatch(/in its table log, the checksum of entries \d+ to \d+ is wrong/);
});

it('refuses the answer whose row was changed, and gives the others', { timeout: 60_000 }, async () => {
  const copy = damaged('finding', 'SELECT body FROM finding_revision LIMIT 1');
  const system = await startSystem(copy);
  const findings = await system.ask('/api/v1/findings?limit=1000');
  const sites = await system.ask('/api/v1/sites');
  const { code } = await system.stop();
  expect(findings.status).toBeGreaterThanOrEqual(500);
  expect(sites.status).toBe(200);
  expect(system.stderr()).toMatch(/table finding_revision/);
  expect(code).toBe(0);
});

it('exports what is before the damage, and says where that is', async () => {
  const copy = damaged('export', 'SELECT body FROM log WHERE first > 300 ORDER BY first LIMIT 1');
  const outcome = await runCommand(['export', '--data', copy, '--log', join(folder, 'part.ndjson')]);
  expect(outcome.code).toBe(78);
  expect(outcome.stderr).toMatch(/in its table log, the checksum of entr(y|ies) \d+/);
});
