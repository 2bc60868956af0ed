import { checkedBody, checksumOf, deadLetterChecksum, expectChecksum, meanChecksum, type BodyRow } from './checksum.ts';
import { readCursor, writeCursor } from './cursor.ts';
import type { DeadLetter, StoredMark, StoredOrder } from '../../contracts/ports/detection-store.ts';
import { FINAL_AFTER_MS, type Mean } from '../../contracts/mean.ts';
import { parseInstant } from '../../contracts/time/instant.ts';
import type { ChangeEvent, DeadLetterFilter, MeanFilter, Page, PageRequest } from '../../contracts/ports/read-model.ts';
import type { RuleEntry } from '../../contracts/rule-entry.ts';
import { Conditions, type NewestFirst, type PageRow, type Queries } from './query-builder.ts';

const MEANS = 'means';

/** A mean becomes final by the clock alone: nobody has to write that down. */
function settled(mean: Mean): Mean {
  const isFinal = mean.state === 'provisional' && Date.now() >= parseInstant(mean.end) + FINAL_AFTER_MS;
  return isFinal ? { ...mean, state: 'final' } : mean;
}

type MeanRow = BodyRow & { readonly site: number; readonly start_at: number; readonly series: number };

function toMean(queries: Queries, { site, start_at, series, body, checksum }: MeanRow): Mean {
  const key = [site, start_at, series] as const;
  expectChecksum(meanChecksum(key, body), checksum, queries.place('mean'), `mean ${key.join('/')}`);
  return JSON.parse(body) as Mean;
}

/** A page of a site's means, oldest first. */
export function findMeans(queries: Queries, filter: MeanFilter, { limit, cursor }: PageRequest): Page<Mean> {
  const conditions = new Conditions();
  conditions.add('m.site = (SELECT id FROM name WHERE text = ?)', filter.site);
  conditions.add('m.start_at >= ? AND m.start_at < ?', filter.fromAt, filter.toAt);
  if (filter.outlet !== undefined) conditions.add('s.outlet = ?', filter.outlet);
  if (filter.signal !== undefined) conditions.add('s.signal = ?', filter.signal);
  if (filter.average !== undefined) conditions.add('s.average = ?', filter.average);
  const after = readCursor(MEANS, cursor);
  if (after !== undefined) conditions.add('(m.start_at, m.series) > (?, ?)', after[0], after[1]);
  // CROSS JOIN: the rows lie in the order of time, and the series of a site are few.
  const sql =
    'SELECT m.start_at, m.series, m.site, m.body, m.checksum FROM mean m CROSS JOIN mean_series s ON s.id = m.series ' +
    `${conditions.where} ORDER BY m.start_at, m.series LIMIT ?`;
  const rows = queries.all<MeanRow>(sql, ...conditions.parameters, limit + 1);
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return {
    items: rows.slice(0, limit).map((row) => settled(toMean(queries, row))),
    next: last === undefined ? null : writeCursor(MEANS, [last.start_at, last.series]),
  };
}

/** All orders entered through the API, in the order of their entering. */
export function findOrders(queries: Queries): readonly StoredOrder[] {
  const rows = queries.all<BodyRow>('SELECT body, checksum FROM order_entry ORDER BY entered_at, id');
  return rows.map((row) => checkedBody(row, queries.place('order_entry')) as StoredOrder);
}

const MARKS: NewestFirst = {
  name: 'marks',
  select: 'SELECT declared_at AS at, id, body, checksum FROM mark',
  at: 'declared_at',
  id: 'id',
};

/** A page of marks, the last declared first. */
export function findMarks(queries: Queries, site: string | undefined, page: PageRequest): Page<StoredMark> {
  const conditions = new Conditions();
  if (site !== undefined) conditions.add('site = ?', site);
  const { items, next } = queries.page<PageRow & BodyRow>(MARKS, conditions, page);
  return { items: items.map((row) => checkedBody(row, queries.place('mark')) as StoredMark), next };
}

export function findRules(queries: Queries): readonly RuleEntry[] {
  const rows = queries.all<BodyRow>('SELECT body, checksum FROM rule_entry ORDER BY position');
  return rows.map((row) => checkedBody(row, queries.place('rule_entry')) as RuleEntry);
}

const DEAD_LETTER = 'id, received, reason, detail, topic, payload, encoding, state, checksum';

type DeadLetterRow = DeadLetter & { readonly checksum: number | null };

const DEAD_LETTERS: NewestFirst = {
  name: 'dead-letters',
  select: `SELECT received AS at, ${DEAD_LETTER} FROM dead_letter`,
  at: 'received',
  id: 'id',
};

function toDeadLetter(queries: Queries, row: DeadLetterRow): DeadLetter {
  const { id, received, reason, detail, topic, payload, encoding, state } = row;
  expectChecksum(deadLetterChecksum(row), row.checksum, queries.place('dead_letter'), `id ${id}`);
  return { id, received, reason, detail, topic, payload, encoding, state };
}

/** A page of dead letters, the last received first; [fromAt, toAt) is their receipt. */
export function findDeadLetters(queries: Queries, filter: DeadLetterFilter, page: PageRequest): Page<DeadLetter> {
  const conditions = new Conditions();
  conditions.oneOf('reason', filter.reasons);
  conditions.oneOf('state', filter.states);
  if (filter.fromAt !== undefined) conditions.add('received >= ?', filter.fromAt);
  if (filter.toAt !== undefined) conditions.add('received < ?', filter.toAt);
  const { items, next } = queries.page<PageRow & DeadLetterRow>(DEAD_LETTERS, conditions, page);
  return { items: items.map((row) => toDeadLetter(queries, row)), next };
}

export function findDeadLetter(queries: Queries, id: string): DeadLetter | undefined {
  const row = queries.get(`SELECT ${DEAD_LETTER} FROM dead_letter WHERE id = ?`, id) as DeadLetterRow | undefined;
  return row === undefined ? undefined : toDeadLetter(queries, row);
}

// A dead letter stands in its change without the payload, which may be a megabyte: it is read by its id.
const CHANGES = `
  SELECT seq, type, site, district, CASE type
    WHEN 'finding' THEN (SELECT body FROM finding_revision r WHERE r.finding = subject AND r.revision = change.revision)
    WHEN 'order' THEN (SELECT body FROM order_entry WHERE n = subject)
    WHEN 'mark' THEN (SELECT body FROM mark WHERE n = subject)
    WHEN 'dead-letter' THEN (
      SELECT json_object('id', id, 'received', received, 'reason', reason, 'detail', detail, 'topic', topic,
        'encoding', encoding, 'state', state) FROM dead_letter WHERE n = subject)
  END AS body, CASE type
    WHEN 'finding' THEN (SELECT checksum FROM finding_revision r WHERE r.finding = subject AND r.revision = change.revision)
    WHEN 'order' THEN (SELECT checksum FROM order_entry WHERE n = subject)
    WHEN 'mark' THEN (SELECT checksum FROM mark WHERE n = subject)
  END AS checksum FROM change WHERE seq > ? ORDER BY seq LIMIT ?`;

type ChangeRow = { [Key in keyof ChangeEvent]: ChangeEvent[Key] | null } & { readonly checksum: number | null };

function toChange(queries: Queries, { checksum, ...row }: ChangeRow): ChangeEvent {
  const { seq, type, body } = row as ChangeEvent;
  expectChecksum(checksumOf(0, body), checksum, queries.place(type), `change ${String(seq)}`);
  return row as ChangeEvent;
}

/** Changes after a number, oldest first; those whose thing retention has removed are left out. */
export function findChanges(queries: Queries, afterSeq: number, limit: number): readonly ChangeEvent[] {
  for (let after = afterSeq; ;) {
    const rows = queries.all<ChangeRow>(CHANGES, after, limit);
    const kept = rows.filter((row) => row.body !== null).map((row) => toChange(queries, row));
    const last = rows.at(-1)?.seq ?? null;
    if (kept.length > 0 || last === null || rows.length < limit) return kept;
    after = last;
  }
}

/** Lowest and highest number that is kept. */
export function changeBounds(queries: Queries): { readonly first: number; readonly last: number } {
  const row = queries.get('SELECT (SELECT min(seq) FROM change) AS first, (SELECT max(seq) FROM change) AS last') as
    { first: number | null; last: number | null } | undefined;
  return { first: row?.first ?? 0, last: row?.last ?? 0 };
}
