/** Parts of the OpenAPI document that belong to no single endpoint. */
import { Type } from 'typebox';
import { plainSchema } from './plain-schema.ts';

export const TAGS = [
  { name: 'sites', description: 'Sites 企业 and their newest values' },
  { name: 'series', description: 'Values of signals over time' },
  { name: 'means', description: 'Means over clock periods, judged or unknown' },
  { name: 'findings', description: 'Findings 线索: suspicion, never a verdict' },
  { name: 'rules', description: 'What is looked for, and on what basis' },
  { name: 'orders', description: 'Orders 管控令' },
  { name: 'marks', description: 'Marks 标记: declared states' },
  { name: 'dead-letters', description: 'Messages that could not be taken in' },
  { name: 'events', description: 'Changes as they happen' },
  { name: 'registry', description: 'The registry in force' },
  { name: 'credentials', description: 'Who may report' },
  { name: 'keys', description: 'Who may read and write here' },
  { name: 'health', description: 'Whether this process does its job' },
  { name: 'documents', description: 'What describes this API' },
];

export const PROBLEM_SCHEMA = plainSchema(
  Type.Object(
    {
      type: Type.String({ description: 'path of a page that says what it means' }),
      code: Type.String({ description: 'the last part of `type`' }),
      title: Type.String({ description: 'in the language of the reader' }),
      status: Type.Integer(),
      detail: Type.String({ description: 'in the language of the reader' }),
      instance: Type.String({ description: 'path of the request' }),
      requestId: Type.String({ description: 'stands in the log as well' }),
      errors: Type.Optional(
        Type.Array(
          Type.Object({
            pointer: Type.String({ description: 'name of the parameter, or JSON pointer into the body' }),
            detail: Type.String(),
            detailZh: Type.String(),
            detailEn: Type.String(),
          }),
        ),
      ),
      titleZh: Type.String(),
      titleEn: Type.String(),
      detailZh: Type.String(),
      detailEn: Type.String(),
    },
    { title: 'Problem (RFC 9457)' },
  ),
);
