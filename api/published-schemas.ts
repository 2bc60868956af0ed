/** The schemas that others build on, by the names under which they are published. */
import type { TSchema } from 'typebox';
import { FindingSchema } from '../contracts/finding.ts';
import { MeanSchema } from '../contracts/mean.ts';
import { MarkSchema, OrderSchema } from '../contracts/order.ts';
import { RegistryFileSchema } from '../contracts/registry/registry-file.ts';
import { FileReportSchema, ReportSchema } from '../contracts/report.ts';
import { RuleEntrySchema } from '../contracts/rule-entry.ts';
import { API_ROOT } from './http/link.ts';
import { plainSchema } from './openapi/plain-schema.ts';

export const PUBLISHED_SCHEMAS: Readonly<Record<string, TSchema>> = {
  report: ReportSchema,
  'file-report': FileReportSchema,
  registry: RegistryFileSchema,
  finding: FindingSchema,
  mean: MeanSchema,
  order: OrderSchema,
  mark: MarkSchema,
  rule: RuleEntrySchema,
};

/** A schema as a JSON Schema document of its own. */
export function schemaDocument(name: string): Record<string, unknown> | undefined {
  const schema = Object.hasOwn(PUBLISHED_SCHEMAS, name) ? PUBLISHED_SCHEMAS[name] : undefined;
  if (schema === undefined) return undefined;
  const id = `${API_ROOT}/schemas/${name}`;
  return { $schema: 'https://json-schema.org/draft/2020-12/schema', ...plainSchema(schema), $id: id };
}
