import type { Finding } from '../../contracts/finding.ts';
import type { FindingFilter, Page, PageRequest, Visibility } from '../../contracts/ports/read-model.ts';
import { checkedBody, type BodyRow } from './checksum.ts';
import { Conditions, type NewestFirst, type PageRow, type Queries } from './query-builder.ts';

interface FindingRow extends PageRow {
  readonly n: number;
  readonly revision: number;
}

const NEWEST: NewestFirst = {
  name: 'findings',
  select: 'SELECT f.detected_at AS at, f.id AS id, f.n AS n, f.revision AS revision FROM finding f',
  at: 'f.detected_at',
  id: 'f.id',
};

const BODY = 'SELECT body, checksum FROM finding_revision WHERE finding = ? AND revision = ?';

function toFinding(queries: Queries, row: BodyRow): Finding {
  return checkedBody(row, queries.place('finding_revision')) as Finding;
}

/** Behaviour [start, end) overlaps [from, to); what has no end goes on for ever. */
function overlaps(conditions: Conditions, { fromAt, toAt }: FindingFilter): void {
  if (fromAt !== undefined) {
    // The second half takes in what began and ended at one instant.
    conditions.add('(f.end_at IS NULL OR f.end_at > ? OR f.start_at >= ?)', fromAt, fromAt);
  }
  if (toAt !== undefined) conditions.add('f.start_at < ?', toAt);
}

/** A page of findings, newest first. */
export function findFindings(
  queries: Queries,
  filter: FindingFilter,
  page: PageRequest,
  who: Visibility,
): Page<Finding> {
  const conditions = new Conditions();
  conditions.oneOf('f.district', who.districts);
  conditions.oneOf('f.district', filter.districts);
  conditions.oneOf('f.site', filter.sites);
  conditions.oneOf('f.rule', filter.rules);
  conditions.oneOf('f.category', filter.categories);
  conditions.oneOf('f.state', filter.states);
  conditions.oneOf('f.severity', filter.severities);
  overlaps(conditions, filter);
  // The bodies of the page only: sorting would carry those of everything that fits.
  const { items, next } = queries.page<FindingRow>(NEWEST, conditions, page);
  const bodies = items.flatMap(({ n, revision }) => queries.all<BodyRow>(BODY, n, revision));
  return { items: bodies.map((row) => toFinding(queries, row)), next };
}

function revisionsOf(queries: Queries, id: string, who: Visibility, which: string): readonly Finding[] {
  const conditions = new Conditions();
  conditions.add('f.id = ?', id);
  conditions.oneOf('f.district', who.districts);
  const sql = `SELECT r.body, r.checksum FROM finding f CROSS JOIN finding_revision r ON r.finding = f.n ${which} ${conditions.where} ORDER BY r.revision`;
  return queries.all<BodyRow>(sql, ...conditions.parameters).map((row) => toFinding(queries, row));
}

/** The finding as it stands; `undefined` where there is none that the asker may see. */
export function findFinding(queries: Queries, id: string, who: Visibility): Finding | undefined {
  return revisionsOf(queries, id, who, 'AND r.revision = f.revision')[0];
}

/** All its revisions, oldest first. */
export function findRevisions(queries: Queries, id: string, who: Visibility): readonly Finding[] {
  return revisionsOf(queries, id, who, '');
}
