/**
 * Planted faults: `planted/<tool>/` is a small project whose files each break one rule, said in the first line:
 * `// refused by <rule> [<rule>…]: <part of the message>`, or `// accepted: <why>` for the innocent neighbour.
 * A tool gets them in a tree of their own, with the project's real configuration and packages.
 */
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listFiles } from '../../scripts/tree.ts';

export const PROJECT = join(import.meta.dirname, '../..');
const plantedFolder = (tool: string): string => join(import.meta.dirname, 'planted', tool);

/** What a tool says of a file. */
export interface Complaint {
  readonly path: string;
  readonly rule: string;
  readonly message: string;
}

interface Expectation {
  readonly path: string;
  /** Exactly these rules refuse it; none where it is accepted. */
  readonly rules: readonly string[];
  readonly message: string;
}

function readExpectation(tool: string, path: string): Expectation {
  const [first = ''] = readFileSync(join(plantedFolder(tool), path), 'utf8').split('\n', 1);
  const [, verdict, rules = '', message = ''] = /^\/\/ (refused by|accepted) ?([^:]*): (.*)$/.exec(first) ?? [];
  if (verdict === undefined) throw new Error(`${tool}/${path}: the first line does not say what refuses it`);
  return { path, rules: rules.split(' ').filter(Boolean).sort(), message };
}

/** The planted project in a folder of its own, with `shared` (configuration files) of the real one. */
export function plantTree(tool: string, shared: readonly string[]): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), `planted-${tool}-`)));
  for (const path of shared) cpSync(join(PROJECT, path), join(root, path));
  cpSync(plantedFolder(tool), root, { recursive: true });
  symlinkSync(join(PROJECT, 'node_modules'), join(root, 'node_modules'));
  return root;
}

/** One test per planted file: `run` lets the tool loose on the tree, once. */
export function describePlanted(
  tool: string,
  shared: readonly string[],
  run: (root: string) => Promise<readonly Complaint[]> | readonly Complaint[],
): void {
  describe(`planted faults: ${tool}`, () => {
    let root = '';
    let complaints: readonly Complaint[] = [];
    beforeAll(async () => {
      root = plantTree(tool, shared);
      complaints = await run(root);
    });
    afterAll(() => {
      rmSync(root, { recursive: true });
    });

    for (const path of listFiles(plantedFolder(tool), (file) => file.endsWith('.ts'))) {
      const { rules, message } = readExpectation(tool, path);
      const verdict = rules.length === 0 ? `accepted: ${message}` : `refused by ${rules.join(' and ')}`;
      it(`${path} is ${verdict}`, () => {
        const own = complaints.filter((complaint) => complaint.path === path);
        const said = own.map((complaint) => complaint.message).join('\n');
        expect([...new Set(own.map(({ rule }) => rule))].sort(), said).toEqual(rules);
        if (rules.length > 0) expect(said).toContain(message);
      });
    }
  });
}
