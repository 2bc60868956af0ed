import { InvariantError } from '../../contracts/errors.ts';
import type { Finding } from '../../contracts/finding.ts';
import { parseInstant } from '../../contracts/time/instant.ts';
import { checksumOf } from './checksum.ts';
import type { ChangeWriter } from './change-writer.ts';
import type { Database } from './database.ts';

function instant(text: string, finding: Finding): number {
  const at = parseInstant(text);
  if (Number.isNaN(at)) throw new InvariantError(`Finding ${finding.id} came to the store with the instant "${text}"`);
  return at;
}

/** Stores findings: every revision, and which one stands. Within the transactions of its owner. */
export class FindingWriter {
  readonly #changes: ChangeWriter;
  readonly #find;
  readonly #insert;
  readonly #update;
  readonly #findRevision;
  readonly #putRevision;

  constructor(database: Database, changes: ChangeWriter) {
    this.#changes = changes;
    this.#find = database.prepare('SELECT n, revision FROM finding WHERE id = ?');
    const columns = 'revision, rule, category, site, district, state, severity, start_at, end_at, detected_at, id';
    this.#insert = database.prepare(`INSERT INTO finding (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
    this.#update = database.prepare(
      'UPDATE finding SET revision = ?, rule = ?, category = ?, site = ?, district = ?, state = ?, severity = ?, ' +
        'start_at = ?, end_at = ?, detected_at = ? WHERE id = ?',
    );
    this.#findRevision = database.prepare('SELECT 1 FROM finding_revision WHERE finding = ? AND revision = ?');
    this.#putRevision = database.prepare(
      'INSERT INTO finding_revision (finding, revision, body, checksum) VALUES (?, ?, ?, ?) ' +
        'ON CONFLICT (finding, revision) DO UPDATE SET body = excluded.body, checksum = excluded.checksum',
    );
  }

  write(findings: readonly Finding[]): void {
    for (const finding of findings) this.#writeOne(finding);
  }

  #writeOne(finding: Finding): void {
    const known = this.#find.get(finding.id) as { n: number; revision: number } | undefined;
    const n = known?.n ?? Number(this.#insert.run(...this.#columns(finding)).lastInsertRowid);
    const repeated = known !== undefined && this.#findRevision.get(n, finding.revision) !== undefined;
    if (known !== undefined && finding.revision >= known.revision) this.#update.run(...this.#columns(finding));
    const body = JSON.stringify(finding);
    this.#putRevision.run(n, finding.revision, body, checksumOf(0, body));
    if (repeated) return;
    const { site, district, revision } = finding;
    this.#changes.add({ type: 'finding', site, district, subject: n, revision });
  }

  #columns(finding: Finding): (string | number | null)[] {
    return [
      finding.revision,
      finding.rule,
      finding.category,
      finding.site,
      finding.district,
      finding.state,
      finding.severity,
      instant(finding.start, finding),
      finding.end === null ? null : instant(finding.end, finding),
      instant(finding.detectedAt, finding),
      finding.id,
    ];
  }
}
