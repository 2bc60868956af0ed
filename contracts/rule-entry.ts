/** A rule as data: what the API shows beside each finding and the documentation is generated from. */
import { Type, type Static } from 'typebox';
import { BasisSchema, CATEGORIES, SEVERITIES } from './finding.ts';

const Bilingual = Type.Object({ zh: Type.String(), en: Type.String() });

export const RuleEntrySchema = Type.Object(
  {
    id: Type.String(),
    version: Type.Integer(),
    category: Type.Enum([...CATEGORIES]),
    title: Bilingual,
    summary: Bilingual,
    severities: Type.Array(Type.Enum([...SEVERITIES])),
    basis: Type.Array(BasisSchema),
    parameters: Type.Array(
      Type.Object({
        name: Type.String(),
        unit: Type.String(),
        default: Type.Number(),
        minimum: Type.Number(),
        maximum: Type.Number(),
        help: Type.String(),
        source: Type.String(),
      }),
    ),
    limits: Type.Array(Bilingual, { description: 'when it is blind or wrong, in plain words' }),
  },
  { $id: 'rule', title: 'Rule' },
);
export type RuleEntry = Static<typeof RuleEntrySchema>;
