/**
 * Reads every row that carries a checksum, and compares what is written twice. In slices, each a short read: so a
 * running system can be checked without its write-ahead log growing meanwhile.
 */
import { crc32 } from 'node:zlib';
import { parseInstant } from '../../contracts/time/instant.ts';
import { changeChecksum, checksumOf, deadLetterChecksum, meanChecksum } from './checksum.ts';
import { counterChecksum } from './counter-table.ts';
import type { Database } from './database.ts';
import { EntryBlock, NameCache } from './entry-block.ts';
import { LOG_FIRST } from './log-bounds.ts';
import { SettingsTable } from './settings-table.ts';

const ROWS = 500;
const LOG_ROWS = 32;

type Cell = string | number | Uint8Array | null;
type Row = Readonly<Record<string, Cell>>;

/** What a slice found to be wrong, a line each. */
export type Slice = readonly string[];

interface CheckedTable {
  readonly name: string;
  /** Columns of its primary key. */
  readonly key: readonly string[];
  readonly columns: string;
  readonly sum: (row: Row) => number;
  /** Whether what stands beside the body says the same; asked where the checksum fits. */
  readonly agrees?: (row: Row) => boolean;
}

const text = (row: Row, column: string): string => row[column] as string;
const number = (row: Row, column: string): number => row[column] as number;
const bodySum = (row: Row): number => checksumOf(0, text(row, 'body'));

const CHANGE_FACTS = ['type', 'site', 'district', 'subject', 'revision', 'committed_at'];

/** The body of a row; undefined where it is no JSON any more. */
function fieldsOf(row: Row): Readonly<Record<string, unknown>> | undefined {
  try {
    return JSON.parse(text(row, 'body')) as Record<string, unknown>;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** What it is sorted by is what it says. */
function hasTime(column: string, property: string): (row: Row) => boolean {
  return (row) => fieldsOf(row)?.[property] === row[column];
}

const TABLES: readonly CheckedTable[] = [
  {
    name: 'setting',
    key: ['key'],
    columns: 'value',
    sum: (row) => checksumOf(0, `${text(row, 'key')}=${String(row['value'])}`),
  },
  {
    name: 'state',
    key: ['n'],
    columns: 'key, value',
    sum: (row) => checksumOf(0, text(row, 'key'), text(row, 'value')),
  },
  {
    name: 'log_site',
    key: ['bucket', 'site'],
    columns: 'offsets',
    sum: (row) => checksumOf(number(row, 'bucket'), String(row['site']), row['offsets'] as Uint8Array),
  },
  {
    name: 'sample_hot',
    key: ['id'],
    columns: 'samples, texts, body',
    sum: (row) =>
      checksumOf(number(row, 'id'), String(row['samples']), row['texts'] as string | null, row['body'] as Uint8Array),
  },
  {
    name: 'sample_chunk',
    key: ['id'],
    columns: 'body',
    sum: (row) => checksumOf(number(row, 'id'), row['body'] as Uint8Array),
  },
  {
    name: 'mean',
    key: ['site', 'start_at', 'series'],
    columns: 'body',
    sum: (row) =>
      meanChecksum([number(row, 'site'), number(row, 'start_at'), number(row, 'series')], text(row, 'body')),
  },
  { name: 'finding_revision', key: ['finding', 'revision'], columns: 'body', sum: bodySum },
  {
    name: 'counter',
    key: ['name'],
    columns: 'value',
    sum: (row) => counterChecksum(text(row, 'name'), number(row, 'value')),
  },
  { name: 'rule_entry', key: ['position'], columns: 'body', sum: bodySum },
  {
    name: 'change',
    key: ['seq'],
    columns: 'type, site, district, subject, revision, committed_at',
    sum: (row) => changeChecksum(...CHANGE_FACTS.map((column) => row[column] as string | number | null)),
  },
  {
    name: 'order_entry',
    key: ['n'],
    columns: 'entered_at, body',
    sum: bodySum,
    agrees: hasTime('entered_at', 'enteredAt'),
  },
  {
    name: 'mark',
    key: ['n'],
    columns: 'declared_at, body',
    sum: bodySum,
    agrees: hasTime('declared_at', 'declaredAt'),
  },
  {
    name: 'dead_letter',
    key: ['n'],
    columns: 'id, received, reason, detail, topic, payload, encoding',
    sum: (row) => deadLetterChecksum(row as unknown as Parameters<typeof deadLetterChecksum>[0]),
  },
];

/** The rows of a table in the order of its key, some at a time. */
function* rowsOf(
  database: Database,
  table: Omit<CheckedTable, 'sum' | 'agrees'>,
  limit: number,
): Generator<readonly Row[]> {
  const { name, key, columns } = table;
  const list = key.join(', ');
  const query = (where: string): string =>
    `SELECT ${list}, ${columns} FROM ${name} ${where} ORDER BY ${list} LIMIT ${String(limit)}`;
  let rows = database.prepare(query('')).all() as Row[];
  const next = database.prepare(query(`WHERE (${list}) > (${key.map(() => '?').join(', ')})`));
  while (rows.length > 0) {
    yield rows;
    const last = rows.at(-1);
    rows = next.all(...key.map((column) => last?.[column] ?? null)) as Row[];
  }
}

function* checkTable(database: Database, table: CheckedTable): Generator<Slice> {
  for (const rows of rowsOf(database, { ...table, columns: `${table.columns}, checksum` }, ROWS)) {
    yield rows.flatMap((row) => {
      const at = table.key.map((column) => `${column} ${String(row[column])}`).join(', ');
      if (row['checksum'] !== null && table.sum(row) !== row['checksum'])
        return [`table ${table.name}: the checksum of ${at} is wrong`];
      return table.agrees?.(row) === false ? [`table ${table.name}: ${at} is sorted under another time`] : [];
    });
  }
}

const LOG_COLUMNS = 'entries, lasting, first_received, last_received, checksum, body';

function checkBlock(row: Row, cache: NameCache): string | undefined {
  const [first, entries, body] = [number(row, 'first'), number(row, 'entries'), row['body'] as Uint8Array];
  if (crc32(body) !== row['checksum']) return 'the checksum is wrong';
  const block = new EntryBlock(body, first, cache);
  if (block.entries !== entries) return `it counts ${String(entries)} entries and holds ${String(block.entries)}`;
  const isTold = block.received(0) === row['first_received'] && block.received(entries - 1) === row['last_received'];
  if (!isTold) return 'its times of receipt are not those of its entries';
  return block.lasting === (row['lasting'] === 1) ? undefined : 'it is not of the kind that it is kept as';
}

function* checkLog(database: Database): Generator<Slice> {
  const cache = new NameCache();
  const settings = new SettingsTable(database);
  let next = 0;
  for (const rows of rowsOf(database, { name: 'log', key: ['first'], columns: LOG_COLUMNS }, LOG_ROWS)) {
    const faults: string[] = [];
    for (const row of rows) {
      const first = number(row, 'first');
      const wrong = checkBlock(row, cache);
      const last = first + number(row, 'entries') - 1;
      if (wrong !== undefined) faults.push(`table log: entries ${String(first)} to ${String(last)}: ${wrong}`);
      // Looked up each time: retention may be at work.
      const from = first > next ? Math.max(next, settings.get(LOG_FIRST)) : next;
      if (first > from) faults.push(`table log: entries ${String(from)} to ${String(first - 1)} are missing`);
      next = last + 1;
    }
    yield faults;
  }
}

const FINDING_COLUMNS =
  'id, rule, site, district, state, severity, start_at, end_at, detected_at, ' +
  '(SELECT body FROM finding_revision r WHERE r.finding = finding.n AND r.revision = finding.revision) AS body';

/** What is filtered by says the same as the finding itself. */
function checkFinding(row: Row): boolean {
  const body = row['body'] === null ? undefined : fieldsOf(row);
  if (body === undefined) return false;
  const same = ['id', 'rule', 'site', 'district', 'state', 'severity'].every((key) => body[key] === row[key]);
  const at = (key: string): number | null => {
    const instant = body[key];
    return typeof instant === 'string' ? parseInstant(instant) : null;
  };
  return (
    same && at('start') === row['start_at'] && at('end') === row['end_at'] && at('detectedAt') === row['detected_at']
  );
}

function* checkFindings(database: Database): Generator<Slice> {
  for (const rows of rowsOf(database, { name: 'finding', key: ['n'], columns: FINDING_COLUMNS }, ROWS)) {
    const wrong = rows.filter((row) => !checkFinding(row));
    yield wrong.map((row) => `table finding: ${String(row['id'])} does not say what its newest revision says`);
  }
}

/** Counted once: received = stored + repeats + dead letters + held. */
function checkCounts(database: Database): Slice {
  const rows = database.prepare('SELECT name, value FROM counter').all() as { name: string; value: number }[];
  const counts = new Map(rows.map(({ name, value }) => [name, value]));
  const sum = (...names: string[]): number => names.reduce((total, name) => total + (counts.get(name) ?? 0), 0);
  const received = sum('received');
  const told = sum('stored', 'repeats', 'dead_letters', 'quarantined', 'unclear');
  if (received === told) return [];
  return [`table counter: ${String(received)} received, but ${String(told)} stored, repeated, refused and held`];
}

/** Everything that stands in rows; the pages are looked at by `checkDatabase`. */
export function* checkContent(database: Database): Generator<Slice> {
  for (const table of TABLES) yield* checkTable(database, table);
  yield* checkLog(database);
  yield* checkFindings(database);
  yield checkCounts(database);
}
