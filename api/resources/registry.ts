/** The registry: which version is in force, and putting another one into force. */
import { Type } from 'typebox';
import { formatProblem, type Problem as RegistryProblem } from '../../contracts/registry/problem.ts';
import type { Registry } from '../../contracts/registry/registry.ts';
import { seesDistrict, type Caller } from '../caller.ts';
import type { ApiDeps, ApiSettings } from '../deps.ts';
import { endpoint, json, type Endpoint } from '../endpoint.ts';
import { sameText } from '../http/language.ts';
import { Problem } from '../http/problem.ts';
import { IdText } from '../shapes.ts';

const TAG = 'registry';

const RegistrySummarySchema = Type.Object(
  {
    version: Type.String({ description: 'changes when the text of any file changes' }),
    timezone: Type.String(),
    districts: Type.Array(Type.Object({ id: IdText, name: Type.String() })),
    sites: Type.Integer(),
    outlets: Type.Integer(),
    lines: Type.Integer(),
    devices: Type.Integer(),
  },
  { title: 'Registry in force' },
);
const EXAMPLE = {
  version: '9f2c41d07b3e5a68',
  timezone: 'Asia/Shanghai',
  districts: [{ id: 'xinmi', name: '新密分局' }],
  sites: 1,
  outlets: 1,
  lines: 1,
  devices: 4,
};

function summary({ version, time, districts, sites }: Registry, caller: Caller) {
  const visible = [...sites.values()].filter(({ district }) => seesDistrict(caller, district));
  const count = (of: (site: (typeof visible)[number]) => number): number =>
    visible.reduce((sum, site) => sum + of(site), 0);
  return {
    version,
    timezone: time.timezone,
    districts: districts.filter(({ id }) => seesDistrict(caller, id)),
    sites: visible.length,
    outlets: count(({ outlets }) => outlets.length),
    lines: count(({ lines }) => lines.length),
    devices: count(({ devices }) => devices.size),
  };
}

function getRegistry({ registry }: ApiDeps): Endpoint {
  return endpoint({
    method: 'GET',
    path: '/api/v1/registry',
    operation: 'getRegistry',
    tag: TAG,
    summary: 'Which registry is in force, and how much stands in it',
    success: { status: 200, description: 'the registry in force', schema: RegistrySummarySchema, example: EXAMPLE },
    answer: ({ caller }) => json(summary(registry(), caller)),
  });
}

/** Every problem with its place, so that all can be mended in one go. */
function invalid(problems: readonly RegistryProblem[]): Problem {
  return new Problem('registry-invalid', {
    detail: {
      zh: `登记册有 ${problems.length} 处问题，见 errors；仍沿用原版本`,
      en: `the registry has ${problems.length} problems, see errors; the one before stays in force`,
    },
    errors: problems.map((problem) => ({ pointer: problem.path, detail: sameText(formatProblem(problem)) })),
    members: { problems },
  });
}

const ImportSchema = Type.Object(
  {
    files: Type.Array(
      Type.Object(
        { name: Type.String({ minLength: 1, maxLength: 255 }), text: Type.String({ description: 'YAML 1.2' }) },
        { additionalProperties: false },
      ),
      {
        minItems: 1,
        maxItems: 10_000,
        description: 'all files of the registry: what is not among them is no longer in it',
      },
    ),
  },
  { title: 'Registry to be put into force', additionalProperties: false },
);

function putRegistry({ importRegistry }: ApiDeps, settings: ApiSettings): Endpoint {
  return endpoint({
    method: 'PUT',
    path: '/api/v1/registry',
    operation: 'importRegistry',
    tag: TAG,
    summary: 'Puts a registry into force, as a whole or not at all',
    description:
      'Checked first; it takes effect without a restart and is itself recorded in the log. Warnings do not hold it back.',
    body: ImportSchema,
    bodyExample: { files: [{ name: 'registry.yaml', text: 'version: 1\ntimezone: Asia/Shanghai\n' }] },
    bodyBytes: settings.registryBytes,
    success: {
      status: 200,
      description: 'it is in force',
      schema: Type.Object({
        version: Type.String(),
        warnings: Type.Array(Type.String(), { description: 'worth a look; they keep nothing from working' }),
      }),
      example: { version: EXAMPLE.version, warnings: [] },
    },
    problems: ['registry-invalid', 'import-unavailable', 'unavailable'],
    answer: async ({ body, caller }) => {
      if (importRegistry === undefined) {
        throw new Problem('import-unavailable', {
          detail: { zh: '请使用 stackwarden registry import', en: 'use `stackwarden registry import`' },
        });
      }
      const result = await importRegistry(body.files, caller.name);
      if (!result.ok) throw invalid(result.error);
      const { version, warnings = [] } = result.value;
      return json({ version, warnings: warnings.map((warning) => formatProblem(warning, 'warning')) });
    },
  });
}

export function registryEndpoints(deps: ApiDeps, settings: ApiSettings): readonly Endpoint[] {
  return [getRegistry(deps), putRegistry(deps, settings)];
}
