import type { Finding } from '../../contracts/finding.ts';
import type { FindingFilter, Page, PageRequest, Visibility } from '../../contracts/ports/read-model.ts';
import { Conditions, type NewestFirst, type PageRow, type Queries } from './query-builder.ts';

interface BodyRow extends PageRow {
  readonly body: string;
}

const NEWEST: NewestFirst = {
  name: 'findings',
  select:
    'SELECT f.detected_at AS at, f.id AS id, r.body AS body FROM finding f ' +
    'CROSS JOIN finding_revision r ON r.finding = f.n AND r.revision = f.revision',
  at: 'f.detected_at',
  id: 'f.id',
};

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
  const { items, next } = queries.page<BodyRow>(NEWEST, conditions, page);
  return { items: items.map(({ body }) => JSON.parse(body) as Finding), next };
}

function revisionsOf(queries: Queries, id: string, who: Visibility, which: string): readonly Finding[] {
  const conditions = new Conditions();
  conditions.add('f.id = ?', id);
  conditions.oneOf('f.district', who.districts);
  const sql = `SELECT r.body FROM finding f CROSS JOIN finding_revision r ON r.finding = f.n ${which} ${conditions.where} ORDER BY r.revision`;
  return queries.all<{ body: string }>(sql, ...conditions.parameters).map(({ body }) => JSON.parse(body) as Finding);
}

/** The finding as it stands; `undefined` where there is none that the asker may see. */
export function findFinding(queries: Queries, id: string, who: Visibility): Finding | undefined {
  return revisionsOf(queries, id, who, 'AND r.revision = f.revision')[0];
}

/** All its revisions, oldest first. */
export function findRevisions(queries: Queries, id: string, who: Visibility): readonly Finding[] {
  return revisionsOf(queries, id, who, '');
}
