/**
 * Each folder beside this file is a scenario: a registry, reports in the form of a replay file, and the findings that
 * they must give, with a README that says why that is right. `UPDATE_SCENARIOS=1` writes the findings anew; read the
 * difference before you keep it.
 */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../contracts/finding.ts';
import type { WireReport } from '../../contracts/report.ts';
import { parseInstant } from '../../contracts/time/instant.ts';
import type { TestReport } from '../support/device-reports.ts';
import { wordProblems } from '../support/finding-spans.ts';
import { replayReports } from '../support/replay-reports.ts';

const FOLDER = import.meta.dirname;
const UPDATES = process.env['UPDATE_SCENARIOS'] === '1';
const MOST_BYTES = 300_000;
const names = readdirSync(FOLDER, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
);

type FileLine = WireReport & { readonly site: string; readonly device: string; readonly received?: string };

function readReports(name: string): readonly TestReport[] {
  const lines = readFileSync(join(FOLDER, name, 'reports.ndjson'), 'utf8').split('\n');
  return lines
    .filter((line) => line !== '')
    .map((line) => {
      const { site, device, received, ...report } = JSON.parse(line) as FileLine;
      return { site, device, report, ...(received === undefined ? {} : { received: parseInstant(received) }) };
    });
}

function play(name: string): readonly Finding[] {
  const registry = readFileSync(join(FOLDER, name, 'registry.yaml'), 'utf8');
  const { findings, deadLetters, counts } = replayReports(registry, readReports(name));
  expect([deadLetters, counts['registry_refused'] ?? 0]).toEqual([[], 0]);
  return findings;
}

function expectedOf(name: string): readonly unknown[] {
  const lines = readFileSync(join(FOLDER, name, 'expected.ndjson'), 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as unknown);
}

describe.each(names)('the scenario %s', (name) => {
  it('gives the findings that its README explains', () => {
    const findings = play(name);
    const text = findings.map((finding) => `${JSON.stringify(finding)}\n`).join('');
    if (UPDATES) writeFileSync(join(FOLDER, name, 'expected.ndjson'), text);
    expect(JSON.parse(JSON.stringify(findings))).toEqual(expectedOf(name));
    expect(findings.flatMap((finding) => wordProblems(finding, []))).toEqual([]);
  });

  it('names every rule that it finds in its README', () => {
    const readme = readFileSync(join(FOLDER, name, 'README.md'), 'utf8');
    const rules = new Set((expectedOf(name) as readonly Finding[]).map(({ rule }) => rule));
    expect([...rules].filter((rule) => !readme.includes(rule))).toEqual([]);
  });
});

it('the scenarios stay small', () => {
  const files = names.flatMap((name) => readdirSync(join(FOLDER, name)).map((file) => join(FOLDER, name, file)));
  expect(names.length).toBeGreaterThanOrEqual(6);
  expect(files.reduce((sum, file) => sum + statSync(file).size, 0)).toBeLessThan(MOST_BYTES);
});
