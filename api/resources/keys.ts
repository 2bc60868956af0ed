/** API keys of people and machines. A secret is shown once, when its key is made. */
import { Type, type Static } from 'typebox';
import { ROLES, type ApiKey } from '../../contracts/ports/credentials.ts';
import type { LocalTime } from '../../contracts/time/local-time.ts';
import type { Authenticator } from '../caller.ts';
import type { ApiDeps } from '../deps.ts';
import { EMPTY, endpoint, json, rows, type Endpoint } from '../endpoint.ts';
import { noSuch, Problem } from '../http/problem.ts';
import { EXAMPLE_INSTANT, IdText, InstantText, nullable, pageOf } from '../shapes.ts';

const TAG = 'keys';

const KeySchema = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    role: Type.Enum([...ROLES]),
    districts: nullable(Type.Array(IdText, { description: 'only these; null: all' })),
    createdAt: InstantText,
    revokedAt: nullable(InstantText),
  },
  { title: 'API key' },
);
const KEY_EXAMPLE = {
  id: 'k-1',
  name: 'desk',
  role: 'watch',
  districts: null,
  createdAt: EXAMPLE_INSTANT,
  revokedAt: null,
};

const NewKeySchema = Type.Object(
  {
    name: Type.String({
      minLength: 1,
      maxLength: 63,
      pattern: '\\S',
      description: 'stands beside everything that is written with it',
    }),
    role: Type.Enum([...ROLES]),
    districts: Type.Optional(
      Type.Array(IdText, { minItems: 1, maxItems: 100, description: 'only these; needed for the role `district`' }),
    ),
  },
  { title: 'API key to be made', additionalProperties: false },
);

function keyView(key: ApiKey, time: LocalTime) {
  return {
    id: key.id,
    name: key.name,
    role: key.role,
    districts: key.districts ?? null,
    createdAt: time.format(key.createdAt),
    revokedAt: key.revokedAt === undefined ? null : time.format(key.revokedAt),
  };
}

const refuse = (zh: string, en: string): Problem =>
  new Problem('key-invalid', { detail: { zh, en }, errors: [{ pointer: '/districts', detail: { zh, en } }] });

/** @throws Problem 422 where the districts do not fit the role or the registry */
function checkDistricts(
  { role, districts }: Static<typeof NewKeySchema>,
  known: readonly { readonly id: string }[],
): void {
  if (role === 'district' && districts === undefined)
    throw refuse('district 角色须指定分局', 'the role `district` needs `districts`');
  if (role === 'admin' && districts !== undefined)
    throw refuse('admin 角色不能限定分局', 'the role `admin` cannot be limited to districts');
  const unknown = (districts ?? []).filter((district) => !known.some(({ id }) => id === district));
  if (unknown.length === 0) return;
  const names = known.map(({ id }) => id).join(', ');
  throw refuse(
    `未知分局: ${unknown.join(', ')}；已登记: ${names}`,
    `unknown districts: ${unknown.join(', ')}; the registry has ${names}`,
  );
}

function postKey({ credentials, registry }: ApiDeps): Endpoint {
  return endpoint({
    method: 'POST',
    path: '/api/v1/keys',
    operation: 'createKey',
    tag: TAG,
    summary: 'Makes an API key',
    body: NewKeySchema,
    bodyExample: { name: 'desk', role: 'watch' },
    success: {
      status: 201,
      description: 'the key and its secret, which is never shown again',
      schema: Type.Object({ key: KeySchema, secret: Type.String() }),
      example: { key: KEY_EXAMPLE, secret: 'sw_…' },
      headers: { location: 'path of the key' },
    },
    problems: ['key-invalid', 'unavailable'],
    answer: async ({ body }) => {
      const { districts, time } = registry();
      checkDistricts(body, districts);
      const { key, secret } = await credentials.addKey(body.name, body.role, body.districts);
      const headers = { location: `/api/v1/keys/${encodeURIComponent(key.id)}`, 'cache-control': 'no-store' };
      return json({ key: keyView(key, time), secret }, 201, headers);
    },
  });
}

export function keyEndpoints(deps: ApiDeps, authenticator: Authenticator): readonly Endpoint[] {
  const { credentials, registry } = deps;
  return [
    endpoint({
      method: 'GET',
      path: '/api/v1/keys',
      operation: 'listKeys',
      tag: TAG,
      summary: 'API keys, without their secrets',
      success: {
        status: 200,
        description: 'the keys',
        schema: pageOf(KeySchema),
        example: { items: [KEY_EXAMPLE], next: null },
      },
      answer: async () => {
        const { time } = registry();
        const items = (await credentials.listKeys()).map((key) => keyView(key, time));
        return rows({ items, next: null, columns: [] });
      },
    }),
    postKey(deps),
    endpoint({
      method: 'DELETE',
      path: '/api/v1/keys/:id',
      operation: 'revokeKey',
      tag: TAG,
      summary: 'Revokes an API key; effective everywhere within 5 seconds, live streams included',
      params: Type.Object({ id: Type.String({ examples: [KEY_EXAMPLE.id] }) }),
      success: { status: 204, description: 'revoked' },
      problems: ['not-found', 'unavailable'],
      answer: async ({ params }) => {
        const revoked = await credentials.revokeKey(params.id);
        authenticator.forget();
        if (!revoked) throw noSuch('密钥', 'key', params.id);
        return EMPTY;
      },
    }),
  ];
}
