/** The tables of the credentials, in a file of their own; a row is believed only where its checksum fits. */
import type { Role } from '../../contracts/ports/credentials.ts';
import { checksumOf } from './checksum.ts';
import type { Schema } from './migrate.ts';

const INITIAL = `
CREATE TABLE device (
  n INTEGER PRIMARY KEY, user TEXT NOT NULL, grants TEXT NOT NULL, hash TEXT NOT NULL,
  created_at INTEGER NOT NULL, revoked_at INTEGER
);
CREATE UNIQUE INDEX device_in_use ON device (user) WHERE revoked_at IS NULL;
CREATE TABLE api_key (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL, districts TEXT, hash TEXT NOT NULL,
  created_at INTEGER NOT NULL, revoked_at INTEGER
);
`;

/** What stands in a device's row, in order, for its checksum. */
export const DEVICE_FACTS = 'user, grants, hash, created_at, revoked_at';
export const KEY_FACTS = 'id, name, role, districts, hash, created_at, revoked_at';

const CHECKSUMS = `
ALTER TABLE device ADD COLUMN checksum INTEGER;
ALTER TABLE api_key ADD COLUMN checksum INTEGER;
UPDATE device SET checksum = facts_checksum(${DEVICE_FACTS});
UPDATE api_key SET checksum = facts_checksum(${KEY_FACTS});
`;

type Fact = string | number | null;

/** Who has which secret, who may do what, and since when no more: all of it counts. */
function factsChecksum(...facts: readonly Fact[]): number {
  return checksumOf(0, JSON.stringify(facts));
}

/** The application id reads "SWcr". */
export const CREDENTIALS_SCHEMA: Schema = {
  applicationId: 0x53576372,
  migrations: [INITIAL, CHECKSUMS],
  functions: { facts_checksum: factsChecksum },
};

interface Checked {
  readonly checksum: number | null;
  readonly hash: string;
  readonly created_at: number;
  readonly revoked_at: number | null;
}

export interface DeviceRow extends Checked {
  readonly user: string;
  readonly grants: string;
}

export interface KeyRow extends Checked {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly districts: string | null;
}

export function deviceChecksum({ user, grants, hash, created_at, revoked_at }: DeviceRow): number {
  return factsChecksum(user, grants, hash, created_at, revoked_at);
}

export function keyChecksum({ id, name, role, districts, hash, created_at, revoked_at }: KeyRow): number {
  return factsChecksum(id, name, role, districts, hash, created_at, revoked_at);
}
