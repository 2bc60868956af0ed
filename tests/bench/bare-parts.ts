/** What a report costs at the very least: the parts that nobody can do without, alone. */
import { readFileSync, rmSync } from 'node:fs';
import { DatabaseSync } from '@photostructure/sqlite';

export interface BareFigures {
  readonly jsonParseMs: number;
  readonly parseAndDateMs: number;
  readonly sqliteInsertMs: number;
}

function cpuMsOf(run: () => void): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/** CPU ms per 1,000 lines of the file, once warm. */
export function measureBareParts(reportsPath: string, folder: string): BareFigures {
  const lines = readFileSync(reportsPath, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  let kept = 0;
  const parse = (): void => {
    for (const line of lines) kept += (JSON.parse(line) as { seq: number }).seq;
  };
  const parseAndDate = (): void => {
    for (const line of lines) kept += Date.parse((JSON.parse(line) as { ts: string }).ts);
  };
  parse();
  const jsonParse = cpuMsOf(parse);
  const withDate = cpuMsOf(parseAndDate);
  const path = `${folder}/bare.db`;
  const database = new DatabaseSync(path);
  database.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE log (offset INTEGER PRIMARY KEY, body TEXT)',
  );
  const insert = database.prepare('INSERT INTO log (body) VALUES (?)');
  const sqlite = cpuMsOf(() => {
    for (let at = 0; at < lines.length; at += 1_000) {
      database.exec('BEGIN IMMEDIATE');
      for (const line of lines.slice(at, at + 1_000)) insert.run(line);
      database.exec('COMMIT');
    }
  });
  database.close();
  rmSync(path, { force: true });
  if (!Number.isFinite(kept)) throw new RangeError('the bare parts were optimised away');
  const perThousand = 1_000 / lines.length;
  return {
    jsonParseMs: jsonParse * perThousand,
    parseAndDateMs: withDate * perThousand,
    sqliteInsertMs: sqlite * perThousand,
  };
}
