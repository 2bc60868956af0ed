/** What a rule saw (finding 线索): suspicion, never a verdict. */
import { Type, type Static } from 'typebox';

export const CATEGORIES = ['exceedance', 'falsification', 'treatment', 'order', 'quality'] as const;
export const SEVERITIES = ['info', 'low', 'medium', 'high', 'critical'] as const;
export const FINDING_STATES = ['open', 'closed', 'withdrawn'] as const;
export type Category = (typeof CATEGORIES)[number];
export type Severity = (typeof SEVERITIES)[number];
export type FindingState = (typeof FINDING_STATES)[number];

const Bilingual = Type.Object({ zh: Type.String(), en: Type.String() });
export const BasisSchema = Type.Object({ document: Type.String(), clause: Type.String() });
export type Basis = Static<typeof BasisSchema>;
export type BilingualText = Static<typeof Bilingual>;

export const SubjectSchema = Type.Object({
  outlet: Type.Optional(Type.String()),
  line: Type.Optional(Type.String()),
  device: Type.Optional(Type.String()),
  signal: Type.Optional(Type.String()),
  order: Type.Optional(Type.String()),
});
export type Subject = Static<typeof SubjectSchema>;

export const FindingSchema = Type.Object(
  {
    id: Type.String({ description: 'depends only on rule, site, subject and start' }),
    rule: Type.String(),
    ruleVersion: Type.Integer({ minimum: 1 }),
    category: Type.Enum([...CATEGORIES]),
    site: Type.String(),
    district: Type.String(),
    subject: SubjectSchema,
    start: Type.String({ description: 'RFC 3339: the behaviour began' }),
    end: Type.Union([Type.String(), Type.Null()], { description: 'exclusive; null while it goes on' }),
    detectedAt: Type.String({ description: 'event time of the input after which the finding first stood' }),
    state: Type.Enum([...FINDING_STATES]),
    revision: Type.Integer({ minimum: 1 }),
    severity: Type.Enum([...SEVERITIES]),
    confidence: Type.Number({ minimum: 0, maximum: 1 }),
    title: Bilingual,
    explanation: Bilingual,
    evidence: Type.Record(Type.String(), Type.Unknown()),
    basis: Type.Array(BasisSchema),
    withdrawn: Type.Optional(
      Type.Object(
        { cause: Type.String(), successor: Type.Optional(Type.String()) },
        { description: 'why it no longer holds' },
      ),
    ),
  },
  { $id: 'finding', title: 'Finding' },
);
export type Finding = Static<typeof FindingSchema>;
