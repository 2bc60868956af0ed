/** What every store of credentials refuses, and what its keys look like. */
import { randomBytes } from 'node:crypto';
import { InputError } from '../../contracts/errors.ts';
import type { Role } from '../../contracts/ports/credentials.ts';

const ID = '[a-z0-9][a-z0-9-]{0,62}';
const GRANT = new RegExp(`^${ID}/(?:${ID}|\\*)$`);
const KEY_ID_BYTES = 6;
const KEY = /^sw_([0-9a-f]{12})_([A-Za-z0-9_-]{32})$/;

/** @throws InputError */
export function checkUser(user: string): void {
  if (user.trim() === '' || user.length > 127) throw new InputError('The user name has 1 to 127 characters.');
}

/** @throws InputError */
export function checkGrants(grants: readonly string[]): void {
  const wrong = grants.find((grant) => !GRANT.test(grant));
  if (wrong !== undefined) throw new InputError(`"${wrong}" is no grant: it is SITE/DEVICE, or SITE/* for a gateway.`);
  if (grants.length === 0)
    throw new InputError('A device needs at least one grant: SITE/DEVICE, or SITE/* for a gateway.');
}

/** @throws InputError */
export function checkDistricts(role: Role, districts: readonly string[] | undefined): void {
  if (role === 'district' && (districts ?? []).length === 0)
    throw new InputError('A key of the role "district" needs the districts that it may see.');
}

export function userInUse(user: string): InputError {
  return new InputError(`"${user}" has a credential already: revoke it first.`);
}

export function newKeyId(): string {
  return randomBytes(KEY_ID_BYTES).toString('hex');
}

/** What is shown once: the id, by which the hash is found, and the secret. */
export function joinKey(id: string, secret: string): string {
  return `sw_${id}_${secret}`;
}

/** What is no key has an id that nobody has, so that refusing it takes as long. */
export function splitKey(key: string): { readonly id: string; readonly secret: string } {
  const [, id = '', secret = key] = KEY.exec(key) ?? [];
  return { id, secret };
}
