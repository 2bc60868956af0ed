import type { Finding } from '../../contracts/finding.ts';
import type { LocalTime } from '../../contracts/time/local-time.ts';
import type { FindingNote } from '../core/outputs.ts';

/** The wire form of a published finding. */
export function toFinding({ site, district, entry }: FindingNote, time: LocalTime): Finding {
  const { draft, withdrawn } = entry;
  const { rule } = draft;
  return {
    id: entry.id,
    rule: rule.id,
    ruleVersion: rule.version,
    category: rule.category,
    site,
    district,
    subject: draft.subject,
    start: time.format(draft.startAt),
    end: draft.endAt === null ? null : time.format(draft.endAt),
    detectedAt: time.format(draft.detectedAt),
    state: withdrawn === null ? draft.state : 'withdrawn',
    revision: entry.revision,
    severity: draft.severity,
    confidence: draft.confidence,
    title: rule.title,
    explanation: rule.explain(draft.evidence),
    evidence: draft.evidence,
    basis: rule.basis.map((basis) => ({ ...basis })),
    ...(withdrawn === null ? {} : { withdrawn }),
  };
}
