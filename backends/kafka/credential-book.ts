/**
 * Credentials as messages of a compacted topic, one key each, and what they add up to. A credential that was revoked
 * stays as a fact, without its hash.
 */
import { UnavailableError } from '../../contracts/errors.ts';
import type { ApiKey, DeviceCredential } from '../../contracts/ports/credentials.ts';

const WIRE_VERSION = 1;

export interface StoredDevice {
  readonly kind: 'device';
  readonly id: string;
  /** Absent once it is revoked. */
  readonly hash?: string;
  readonly credential: DeviceCredential;
}

export interface StoredKey {
  readonly kind: 'key';
  readonly id: string;
  readonly hash?: string;
  readonly credential: ApiKey;
}

export type StoredCredential = StoredDevice | StoredKey;

export function keyOf({ kind, id }: StoredCredential): string {
  return `${kind}/${id}`;
}

export function encodeCredential(stored: StoredCredential): Buffer {
  return Buffer.from(JSON.stringify({ v: WIRE_VERSION, ...stored }), 'utf8');
}

/** @throws UnavailableError of a later version's message */
function decode(value: Buffer): StoredCredential {
  const { v, ...stored } = JSON.parse(value.toString('utf8')) as StoredCredential & { readonly v: number };
  if (v >= 1 && v <= WIRE_VERSION) return stored;
  throw new UnavailableError(
    `a credential was written by a later version (format ${String(v)}, known up to ${String(WIRE_VERSION)}): update this process`,
  );
}

const isValid = ({ credential }: StoredCredential): boolean => credential.revokedAt === undefined;

function byAge(one: StoredCredential, other: StoredCredential): number {
  const [a, b] = [one.credential, other.credential];
  return a.createdAt - b.createdAt || (a.revokedAt ?? Infinity) - (b.revokedAt ?? Infinity);
}

export class CredentialBook {
  readonly #devices = new Map<string, StoredDevice>();
  /** Those in use, by user. */
  readonly #byUser = new Map<string, StoredDevice>();
  readonly #keys = new Map<string, StoredKey>();

  /** A message of the topic. */
  take(key: string, value: Buffer | null): void {
    if (value === null) this.#forget(key);
    else this.#put(decode(value));
  }

  has({ kind, id }: StoredCredential): boolean {
    return kind === 'device' ? this.#devices.has(id) : this.#keys.has(id);
  }

  /** The one in use. */
  device(user: string): StoredDevice | undefined {
    return this.#byUser.get(user);
  }

  /** Revoked or not. */
  key(id: string): StoredKey | undefined {
    return this.#keys.get(id);
  }

  /** By user, the older first. */
  devices(): readonly DeviceCredential[] {
    const all = [...this.#devices.values()].sort((one, other) => {
      const [a, b] = [one.credential.user, other.credential.user];
      return a === b ? byAge(one, other) : a < b ? -1 : 1;
    });
    return all.map(({ credential }) => credential);
  }

  keys(): readonly ApiKey[] {
    const all = [...this.#keys.values()].sort((one, other) => byAge(one, other) || (one.id < other.id ? -1 : 1));
    return all.map(({ credential }) => credential);
  }

  #put(stored: StoredCredential): void {
    if (stored.kind === 'key') {
      this.#keys.set(stored.id, stored);
      return;
    }
    this.#devices.set(stored.id, stored);
    const { user } = stored.credential;
    if (isValid(stored)) this.#byUser.set(user, stored);
    else if (this.#byUser.get(user)?.id === stored.id) this.#byUser.delete(user);
  }

  #forget(key: string): void {
    const [kind, id = ''] = key.split('/', 2);
    if (kind === 'key') this.#keys.delete(id);
    const device = this.#devices.get(id);
    if (kind !== 'device' || device === undefined) return;
    this.#devices.delete(id);
    if (this.#byUser.get(device.credential.user)?.id === id) this.#byUser.delete(device.credential.user);
  }
}
