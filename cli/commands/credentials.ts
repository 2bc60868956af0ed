/** `stackwarden credentials add|list|revoke`: what devices log in with, and API keys. Works while the system runs. */
import { InputError } from '../../contracts/errors.ts';
import { ROLES, type Credentials, type Role } from '../../contracts/ports/credentials.ts';
import { siteClients, type Per } from '../../contracts/site-clients.ts';
import { EXIT } from '../exit-code.ts';
import { expectRegistry } from '../expect-registry.ts';
import type { OpenCredentials } from '../open-credentials.ts';
import { loadRegistryFiles } from '../registry-files.ts';

interface Out {
  write(text: string): void;
}

const USER = /^[a-z0-9][a-z0-9-]{0,62}\/[a-z0-9][a-z0-9-]{0,62}$/;
const GRANT = /^[a-z0-9][a-z0-9-]{0,62}\/([a-z0-9][a-z0-9-]{0,62}|\*)$/;

async function withCredentials(
  open: OpenCredentials,
  run: (credentials: Credentials) => Promise<number>,
): Promise<number> {
  const { credentials, close } = await open();
  try {
    return await run(credentials);
  } finally {
    await close();
  }
}

export interface AddOptions {
  /** For a gateway: what it may publish for. */
  readonly grant?: readonly string[];
  readonly json: boolean;
}

/** Shows the password once; it is kept hashed. */
export function addDevice(open: OpenCredentials, user: string, options: AddOptions, out: Out): Promise<number> {
  const grants = options.grant ?? [user];
  if (options.grant === undefined && !USER.test(user))
    throw new InputError(`"${user}" is not SITE/DEVICE; a gateway's own name needs --grant SITE/DEVICE or SITE/*`);
  const wrong = grants.find((grant) => !GRANT.test(grant));
  if (wrong !== undefined) throw new InputError(`"${wrong}" is not SITE/DEVICE or SITE/*`);
  return withCredentials(open, async (credentials) => {
    const { credential, password } = await credentials.addDevice(user, grants);
    out.write(
      options.json
        ? `${JSON.stringify({ user: credential.user, grants, password })}\n`
        : `user      ${credential.user}\npassword  ${password}\nShown only now; it is kept hashed.\n`,
    );
    return EXIT.done;
  });
}

/** Hashing is costly on purpose, and what is added at the same moment is written together. */
const AT_ONCE = 64;

async function clientsOf(registryPath: string, per: Per): Promise<ReturnType<typeof siteClients>> {
  const registry = expectRegistry(await loadRegistryFiles(registryPath));
  return [...registry.sites.values()].flatMap(({ id, devices }) => siteClients(id, [...devices.keys()], per));
}

/**
 * Credentials for everyone in a registry who has none: one line of JSON each, with the password, shown only now.
 * @throws InputError where the registry cannot be read
 */
export async function addAll(open: OpenCredentials, registryPath: string, per: Per, streams: Streams): Promise<number> {
  const clients = await clientsOf(registryPath, per);
  return withCredentials(open, async (credentials) => {
    const valid = (await credentials.listDevices()).filter(({ revokedAt }) => revokedAt === undefined);
    const known = new Set(valid.map(({ user }) => user));
    const missing = clients.filter(({ user }) => !known.has(user));
    for (let from = 0; from < missing.length; from += AT_ONCE) {
      const some = missing.slice(from, from + AT_ONCE);
      const added = await Promise.all(some.map(({ user, grant }) => credentials.addDevice(user, [grant])));
      for (const { credential, password } of added) {
        streams.out.write(`${JSON.stringify({ user: credential.user, grants: credential.grants, password })}\n`);
      }
    }
    const kept = clients.length - missing.length;
    streams.err.write(`${String(missing.length)} added, ${String(kept)} had one; passwords are shown only now\n`);
    return EXIT.done;
  });
}

interface Streams {
  readonly out: Out;
  readonly err: Out;
}

export function listDevices(open: OpenCredentials, json: boolean, out: Out): Promise<number> {
  return withCredentials(open, async (credentials) => {
    const devices = await credentials.listDevices();
    if (json) out.write(`${JSON.stringify(devices)}\n`);
    else
      for (const { user, grants, createdAt, revokedAt } of devices) {
        out.write(
          `${user}\t${grants.join(' ')}\t${new Date(createdAt).toISOString()}\t${revokedAt === undefined ? 'valid' : `revoked ${new Date(revokedAt).toISOString()}`}\n`,
        );
      }
    return EXIT.done;
  });
}

export function revokeDevice(open: OpenCredentials, user: string, out: Out): Promise<number> {
  return withCredentials(open, async (credentials) => {
    if (!(await credentials.revokeDevice(user)))
      throw new InputError(`there is no valid credential "${user}"; see \`stackwarden credentials list\``);
    out.write(`${user} is revoked; its connections are closed within seconds\n`);
    return EXIT.done;
  });
}

function toRole(text: string): Role {
  const role = ROLES.find((candidate) => candidate === text);
  if (role === undefined) throw new InputError(`"${text}" is not a role; roles are ${ROLES.join(', ')}`);
  return role;
}

/** An API key; shown once. */
export function addKey(
  open: OpenCredentials,
  name: string,
  at: { role: string; district?: readonly string[]; json: boolean },
  out: Out,
): Promise<number> {
  const role = toRole(at.role);
  if (role === 'district' && (at.district ?? []).length === 0)
    throw new InputError('a key of role district needs --district ID');
  return withCredentials(open, async (credentials) => {
    const { key, secret } = await credentials.addKey(name, role, at.district);
    out.write(
      at.json
        ? `${JSON.stringify({ id: key.id, name, role, secret })}\n`
        : `key  ${secret}   (${role}; shown only now, keep it)\n`,
    );
    return EXIT.done;
  });
}
