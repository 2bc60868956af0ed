/** The files of `stackwarden replay`: the same reports give the same bytes, however they are packed, split or piped. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../ports/sqlite-folder.ts';
import { commandBuilt, runCommand, type RunOptions } from './built-command.ts';
import { parseLines, readReportLines, registryOf, reportsOf, type PracticeSet } from './practice-reports.ts';

const { folder, remove } = temporaryFolder();
const at = (name: string): string => join(folder, name);

/** A Zstandard frame of stored blocks: Node 20 unpacks none and packs none. */
function storedAsZstd(bytes: Buffer): Buffer {
  const blocks: Buffer[] = [];
  for (let from = 0; from < bytes.length; from += 100_000) {
    const block = bytes.subarray(from, from + 100_000);
    const isLast = from + 100_000 >= bytes.length ? 1 : 0;
    const header = Buffer.alloc(4);
    header.writeUInt32LE(isLast | (block.length << 3));
    blocks.push(header.subarray(0, 3), block);
  }
  // Magic number; no size, no checksum, no dictionary; a window of 2 MiB.
  return Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58]), ...blocks]);
}

interface Result {
  readonly findings: string;
  readonly means: string;
  readonly stderr: string;
}

let runs = 0;
async function replay(set: PracticeSet, files: readonly string[], options: RunOptions = {}): Promise<Result> {
  runs += 1;
  const [findings, means] = [at(`findings-${runs}.ndjson`), at(`means-${runs}.ndjson`)];
  const args = [
    'replay',
    '--registry',
    registryOf(set),
    '--reports',
    ...files,
    '--findings',
    findings,
    '--means',
    means,
  ];
  const { code, stderr } = await runCommand(args, options);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  return { findings: readFileSync(findings, 'utf8'), means: readFileSync(means, 'utf8'), stderr };
}

/** Written sorted, since files that are merged may bring what is equally old in another order. */
const sortedLines = (text: string): readonly string[] => text.split('\n').sort();

beforeAll(commandBuilt, 300_000);
afterAll(remove);

describe('the same reports again', () => {
  let once: Result;
  let lines: readonly string[];
  beforeAll(async () => {
    lines = readReportLines('turbine');
    once = await replay('turbine', [reportsOf('turbine')]);
  }, 120_000);

  it('twice gives the same bytes', async () => {
    const again = await replay('turbine', [reportsOf('turbine')]);
    expect(again.findings === once.findings).toBe(true);
    expect(again.means === once.means).toBe(true);
    expect(parseLines(once.findings)).not.toEqual([]);
  });

  it('in a .zst file give the same bytes', async () => {
    writeFileSync(at('reports.ndjson.zst'), storedAsZstd(Buffer.from(`${lines.join('\n')}\n`)));
    const packed = await replay('turbine', [at('reports.ndjson.zst')]);
    expect(packed.findings === once.findings && packed.means === once.means).toBe(true);
  });

  it('in a file for each device, merged by receipt, give the same', async () => {
    const split = ['cems-1', 'm-load'].map((device) => {
      const own = lines.filter((line) => line.includes(`"device":"${device}"`));
      writeFileSync(at(`${device}.ndjson.gz`), gzipSync(`${own.join('\n')}\n`));
      return at(`${device}.ndjson.gz`);
    });
    const merged = await replay('turbine', split);
    expect(merged.findings === once.findings).toBe(true);
    expect(sortedLines(merged.means)).toEqual(sortedLines(once.means));
  });

  it('through pipes give the same bytes, and nothing else is on standard output', async () => {
    const args = ['replay', '--registry', registryOf('turbine'), '--reports', '-', '--findings', '-'];
    const { code, stdout, stderr } = await runCommand(args, { input: `${lines.join('\r\n')}\r\n` });
    expect(code).toBe(0);
    expect(stdout === once.findings).toBe(true);
    // The summary alone: no progress where nobody watches, and no warning of the runtime.
    expect(stderr).toMatch(
      /^44382 reports in [^\n]+: 0 repeats, 0 revisions, 0 dead letters\n\d+ findings\n(  \S+: \d+\n)+$/,
    );
  });
});

it('goes on past bad lines, keeps them with their place and reason, and ends well', { timeout: 120_000 }, async () => {
  const [first = '', second = '', ...rest] = readReportLines('steel');
  const bad = ['{"site":"steel-1"', second.replace('"power"', '"powr"'), second.replace('steel-1', 'steel-9'), '[1]'];
  writeFileSync(at('spoilt.ndjson'), [first, bad[0], '', second, bad[1], bad[2], ...rest, bad[3]].join('\n'));
  const args = ['replay', '--registry', registryOf('steel'), '--reports', at('spoilt.ndjson'), '--findings'];
  const spoilt = await runCommand([...args, '-', '--dead-letters', at('dead.ndjson')]);
  expect(spoilt.code).toBe(0);
  const letters = parseLines<{ line: number; reason: string; payload: string }>(
    readFileSync(at('dead.ndjson'), 'utf8'),
  );
  expect(letters.map(({ line, reason, payload }) => [line, reason, payload])).toEqual([
    [2, 'payload-not-json', bad[0]],
    [5, 'signal-unknown', bad[1]],
    [6, 'site-unknown', bad[2]],
    [17_381, 'report-invalid', bad[3]],
  ]);
  const sound = await runCommand([
    'replay',
    '--registry',
    registryOf('steel'),
    '--reports',
    reportsOf('steel'),
    '--findings',
    '-',
  ]);
  expect(spoilt.stdout).toBe(sound.stdout);
});
