/** Credentials of devices and gateways. A password is shown once, when its credential is made. */
import { Type, type Static } from 'typebox';
import type { DeviceCredential } from '../../contracts/ports/credentials.ts';
import type { Registry } from '../../contracts/registry/registry.ts';
import type { LocalTime } from '../../contracts/time/local-time.ts';
import type { Caller } from '../caller.ts';
import type { ApiDeps } from '../deps.ts';
import { EMPTY, endpoint, json, rows, type Endpoint } from '../endpoint.ts';
import { noSuch, Problem, type ProblemItem } from '../http/problem.ts';
import { EXAMPLE_INSTANT, InstantText, nullable, pageOf } from '../shapes.ts';
import { seesSite } from '../visible-sites.ts';

const TAG = 'credentials';
const ID = '[a-z0-9][a-z0-9-]{0,62}';
const DEVICE_USER = new RegExp(`^${ID}/${ID}$`);

const CredentialSchema = Type.Object(
  {
    user: Type.String({ description: 'MQTT user name: `site/device`, or a gateway’s own name' }),
    grants: Type.Array(Type.String(), { description: 'what it may publish for: `site/device`, or `site/*`' }),
    createdAt: InstantText,
    revokedAt: nullable(InstantText),
  },
  { title: 'Device credential' },
);
const EXAMPLE = {
  user: 'demo-cement/cems-1',
  grants: ['demo-cement/cems-1'],
  createdAt: EXAMPLE_INSTANT,
  revokedAt: null,
};

const NewCredentialSchema = Type.Object(
  {
    user: Type.String({ pattern: `^${ID}(/${ID})?$` }),
    grants: Type.Optional(
      Type.Array(Type.String({ pattern: `^${ID}/(${ID}|\\*)$` }), {
        minItems: 1,
        maxItems: 10_000,
        description: 'unless said, the device that `user` names; needed for gateways',
      }),
    ),
  },
  { title: 'Device credential to be made', additionalProperties: false },
);

function view({ user, grants, createdAt, revokedAt }: DeviceCredential, time: LocalTime) {
  return {
    user,
    grants,
    createdAt: time.format(createdAt),
    revokedAt: revokedAt === undefined ? null : time.format(revokedAt),
  };
}

/** A limited caller sees credentials that speak for sites of its own alone. */
function seesCredential(grants: readonly string[], registry: Registry, caller: Caller): boolean {
  return grants.every((grant) => seesSite(registry, grant.split('/', 1)[0], caller));
}

function grantItem(grant: string, registry: Registry, caller: Caller): ProblemItem | undefined {
  const [site = '', device = ''] = grant.split('/');
  const known = seesSite(registry, site, caller) ? registry.sites.get(site) : undefined;
  if (known !== undefined && (device === '*' || known.devices.has(device))) return undefined;
  const detail =
    known === undefined
      ? { zh: `登记册中没有可见的企业 ${site}`, en: `site ${site} is not in the registry` }
      : { zh: `企业 ${site} 没有设备 ${device}`, en: `device ${device} is not among the devices of site ${site}` };
  return { pointer: '/grants', detail };
}

/** @throws Problem 422 where the grants are missing or name what is not there */
function checkGrants(body: Static<typeof NewCredentialSchema>, registry: Registry, caller: Caller): readonly string[] {
  const grants = body.grants ?? (DEVICE_USER.test(body.user) ? [body.user] : []);
  const missing: ProblemItem = {
    pointer: '/grants',
    detail: {
      zh: '网关须列出可代为上报的 site/device 或 site/*',
      en: 'a gateway needs `grants`: site/device or site/*',
    },
  };
  const errors = grants.length === 0 ? [missing] : grants.flatMap((grant) => grantItem(grant, registry, caller) ?? []);
  const [first] = errors;
  if (first !== undefined) throw new Problem('credential-invalid', { detail: first.detail, errors });
  return grants;
}

const taken = (user: string): Problem =>
  new Problem('credential-exists', {
    detail: { zh: `${user} 已有凭据；换密码请先吊销`, en: `${user} has a credential already; revoke it first` },
  });

function postCredential({ credentials, registry }: ApiDeps): Endpoint {
  return endpoint({
    method: 'POST',
    path: '/api/v1/credentials',
    operation: 'createCredential',
    tag: TAG,
    summary: 'Makes the credential of a device or gateway; for a new password revoke the one before',
    body: NewCredentialSchema,
    bodyExample: { user: EXAMPLE.user },
    success: {
      status: 201,
      description: 'the credential and its password, which is never shown again',
      schema: Type.Object({ credential: CredentialSchema, password: Type.String() }),
      example: { credential: EXAMPLE, password: '…' },
      headers: { location: 'path of the credential' },
    },
    problems: ['credential-exists', 'credential-invalid', 'unavailable'],
    answer: async ({ body, caller }) => {
      const now = registry();
      const grants = checkGrants(body, now, caller);
      const before = await credentials.findDevice(body.user);
      if (before !== undefined && before.revokedAt === undefined) throw taken(body.user);
      const { credential, password } = await credentials.addDevice(body.user, grants);
      const headers = {
        location: `/api/v1/credentials/${encodeURIComponent(credential.user)}`,
        'cache-control': 'no-store',
      };
      return json({ credential: view(credential, now.time), password }, 201, headers);
    },
  });
}

function deleteCredential({ credentials, registry }: ApiDeps): Endpoint {
  return endpoint({
    method: 'DELETE',
    path: '/api/v1/credentials/:user',
    operation: 'revokeCredential',
    tag: TAG,
    summary: 'Revokes the credential of a device or gateway; the slash of a user name is sent as %2F',
    params: Type.Object({ user: Type.String({ examples: [EXAMPLE.user] }) }),
    success: { status: 204, description: 'revoked' },
    problems: ['not-found', 'unavailable'],
    answer: async ({ params, caller }) => {
      const before = await credentials.findDevice(params.user);
      const isVisible = before !== undefined && seesCredential(before.grants, registry(), caller);
      if (!isVisible || !(await credentials.revokeDevice(params.user)))
        throw noSuch('设备凭据', 'credential', params.user);
      return EMPTY;
    },
  });
}

export function credentialEndpoints(deps: ApiDeps): readonly Endpoint[] {
  const { credentials, registry } = deps;
  return [
    endpoint({
      method: 'GET',
      path: '/api/v1/credentials',
      operation: 'listCredentials',
      tag: TAG,
      summary: 'Credentials of devices and gateways, without their passwords',
      success: {
        status: 200,
        description: 'the credentials',
        schema: pageOf(CredentialSchema),
        example: { items: [EXAMPLE], next: null },
      },
      answer: async ({ caller }) => {
        const now = registry();
        const visible = (await credentials.listDevices()).filter(({ grants }) => seesCredential(grants, now, caller));
        return rows({ items: visible.map((entry) => view(entry, now.time)), next: null, columns: [] });
      },
    }),
    postCredential(deps),
    deleteCredential(deps),
  ];
}
