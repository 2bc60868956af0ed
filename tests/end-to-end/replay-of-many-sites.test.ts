/** A replay of a large registry starts itself again with more room for young objects: nobody should notice. */
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { temporaryFolder } from '../ports/sqlite-folder.ts';
import { commandBuilt, runCommand } from './built-command.ts';
import { registryOf, reportsOf } from './practice-reports.ts';

const { folder, remove } = temporaryFolder();
const at = (name: string): string => join(folder, name);

beforeAll(async () => {
  await commandBuilt();
  writeFileSync(at('small.yaml'), readFileSync(registryOf('steel')));
  writeFileSync(at('large.yaml'), readFileSync(registryOf('steel')));
  appendFileSync(at('large.yaml'), '# of thousands of sites\n'.repeat(90_000));
}, 300_000);
afterAll(remove);

const replay = (registry: string, reports = reportsOf('steel')): ReturnType<typeof runCommand> =>
  runCommand(['replay', '--registry', at(registry), '--reports', reports, '--findings', '-']);

it('writes what a small one writes', { timeout: 120_000 }, async () => {
  const [small, large] = [await replay('small.yaml'), await replay('large.yaml')];
  expect(small.code).toBe(0);
  expect(small.stdout.length).toBeGreaterThan(100);
  expect(large).toMatchObject({ code: 0, stdout: small.stdout });
});

it('ends with its exit code and message', { timeout: 60_000 }, async () => {
  const [small, large] = [await replay('small.yaml', at('absent')), await replay('large.yaml', at('absent'))];
  expect(small.code).toBeGreaterThan(0);
  expect(large).toMatchObject({ code: small.code, stderr: small.stderr });
});
