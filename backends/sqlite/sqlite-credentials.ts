import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { InputError } from '../../contracts/errors.ts';
import type { ApiKey, Credentials, DeviceCredential, Role } from '../../contracts/ports/credentials.ts';
import type { Database } from './database.ts';
import { migrate, type Schema } from './migrate.ts';
import { openChecked } from './open-database.ts';
import { createPrivateFile, createPrivateFolder } from './private-files.ts';
import { Queries } from './query-builder.ts';
import { hashSecret, newSecret, SecretChecker } from './secret-hash.ts';
import { guarded } from './sqlite-errors.ts';

// A file of its own beside the store: the command line adds and revokes while the server runs, and must never wait
// for the store's writer, nor hold it up.
const CREDENTIALS_FILE = 'credentials.db';
const BUSY_TIMEOUT_MS = 10_000;

const SCHEMA: Schema = {
  applicationId: 0x53576372,
  migrations: [
    `
    CREATE TABLE device (
      n INTEGER PRIMARY KEY, user TEXT NOT NULL, grants TEXT NOT NULL, hash TEXT NOT NULL,
      created_at INTEGER NOT NULL, revoked_at INTEGER
    );
    CREATE UNIQUE INDEX device_in_use ON device (user) WHERE revoked_at IS NULL;
    CREATE TABLE api_key (
      id TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL, districts TEXT, hash TEXT NOT NULL,
      created_at INTEGER NOT NULL, revoked_at INTEGER
    );
    `,
  ],
};

const ID = '[a-z0-9][a-z0-9-]{0,62}';
const GRANT = new RegExp(`^${ID}/(?:${ID}|\\*)$`);
const KEY_ID_BYTES = 6;
const KEY = /^sw_([0-9a-f]{12})_([A-Za-z0-9_-]{32})$/;

interface DeviceRow {
  readonly user: string;
  readonly grants: string;
  readonly hash: string;
  readonly created_at: number;
  readonly revoked_at: number | null;
}

interface KeyRow {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly districts: string | null;
  readonly hash: string;
  readonly created_at: number;
  readonly revoked_at: number | null;
}

function toDevice({ user, grants, created_at, revoked_at }: DeviceRow): DeviceCredential {
  const device = { user, grants: JSON.parse(grants) as string[], createdAt: created_at };
  return revoked_at === null ? device : { ...device, revokedAt: revoked_at };
}

function toKey({ id, name, role, districts, created_at, revoked_at }: KeyRow): ApiKey {
  return {
    id,
    name,
    role,
    ...(districts === null ? {} : { districts: JSON.parse(districts) as string[] }),
    createdAt: created_at,
    ...(revoked_at === null ? {} : { revokedAt: revoked_at }),
  };
}

function checkGrants(grants: readonly string[]): void {
  const wrong = grants.find((grant) => !GRANT.test(grant));
  if (wrong !== undefined) throw new InputError(`"${wrong}" is no grant: it is SITE/DEVICE, or SITE/* for a gateway.`);
  if (grants.length === 0)
    throw new InputError('A device needs at least one grant: SITE/DEVICE, or SITE/* for a gateway.');
}

/** The credentials of a data folder. Several processes may have it open; what one writes the others see at once. */
export class SqliteCredentials implements Credentials {
  readonly #database: Database;
  readonly #queries: Queries;
  readonly #path: string;
  readonly #clock: () => number;
  readonly #checker = new SecretChecker();

  /**
   * Opens the file, and creates it where there is none.
   * @throws ConfigError where it is damaged, foreign or newer; CannotWriteError where it cannot be created
   */
  constructor(folder: string, clock: () => number = Date.now) {
    createPrivateFolder(folder);
    this.#path = join(folder, CREDENTIALS_FILE);
    this.#clock = clock;
    createPrivateFile(this.#path);
    this.#database = openChecked(this.#path, { readOnly: false }, (database) => {
      database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;`);
      migrate(database, this.#path, SCHEMA);
    });
    this.#queries = new Queries(this.#database);
  }

  /** @throws InputError where the user has a credential in use, or a grant is none */
  async addDevice(
    user: string,
    grants: readonly string[],
  ): Promise<{ readonly credential: DeviceCredential; readonly password: string }> {
    if (user.trim() === '' || user.length > 127) throw new InputError('The user name has 1 to 127 characters.');
    checkGrants(grants);
    const password = newSecret();
    const hash = await hashSecret(password);
    const createdAt = this.#clock();
    const added = this.#run(
      'INSERT INTO device (user, grants, hash, created_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
      [user, JSON.stringify(grants), hash, createdAt],
    );
    if (added === 0) throw new InputError(`"${user}" has a credential already: revoke it first.`);
    return { credential: { user, grants: [...grants], createdAt }, password };
  }

  async listDevices(): Promise<readonly DeviceCredential[]> {
    return this.#all<DeviceRow>('SELECT * FROM device ORDER BY user, n').map(toDevice);
  }

  async revokeDevice(user: string): Promise<boolean> {
    return (
      this.#run('UPDATE device SET revoked_at = ? WHERE user = ? AND revoked_at IS NULL', [this.#clock(), user]) > 0
    );
  }

  async verifyDevice(user: string, password: string): Promise<DeviceCredential | undefined> {
    const row = this.#device(user);
    return (await this.#checker.check(password, row?.hash)) && row !== undefined ? toDevice(row) : undefined;
  }

  async findDevice(user: string): Promise<DeviceCredential | undefined> {
    const row = this.#device(user);
    return row === undefined ? undefined : toDevice(row);
  }

  /** @throws InputError where a key of the role `district` names no districts */
  async addKey(
    name: string,
    role: Role,
    districts?: readonly string[],
  ): Promise<{ readonly key: ApiKey; readonly secret: string }> {
    if (role === 'district' && (districts ?? []).length === 0) {
      throw new InputError('A key of the role "district" needs the districts that it may see.');
    }
    const id = randomBytes(KEY_ID_BYTES).toString('hex');
    const secret = newSecret();
    const hash = await hashSecret(secret);
    const createdAt = this.#clock();
    this.#run('INSERT INTO api_key (id, name, role, districts, hash, created_at) VALUES (?, ?, ?, ?, ?, ?)', [
      id,
      name,
      role,
      districts === undefined ? null : JSON.stringify(districts),
      hash,
      createdAt,
    ]);
    const key = { id, name, role, ...(districts === undefined ? {} : { districts: [...districts] }), createdAt };
    return { key, secret: `sw_${id}_${secret}` };
  }

  async listKeys(): Promise<readonly ApiKey[]> {
    return this.#all<KeyRow>('SELECT * FROM api_key ORDER BY created_at, id').map(toKey);
  }

  async revokeKey(id: string): Promise<boolean> {
    return this.#run('UPDATE api_key SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL', [this.#clock(), id]) > 0;
  }

  async verifyKey(secret: string): Promise<ApiKey | undefined> {
    const [, id = '', random = secret] = KEY.exec(secret) ?? [];
    const [row] = this.#all<KeyRow>('SELECT * FROM api_key WHERE id = ? AND revoked_at IS NULL', id);
    return (await this.#checker.check(random, row?.hash)) && row !== undefined ? toKey(row) : undefined;
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }

  #device(user: string): DeviceRow | undefined {
    return this.#all<DeviceRow>('SELECT * FROM device WHERE user = ? AND revoked_at IS NULL', user)[0];
  }

  #all<Row>(sql: string, ...parameters: string[]): Row[] {
    return guarded(`read ${this.#path}`, () => this.#queries.all<Row>(sql, ...parameters));
  }

  /** @returns how many rows it changed */
  #run(sql: string, parameters: readonly (string | number | null)[]): number {
    return guarded(`write to ${this.#path}`, () => this.#queries.statement(sql).run(...parameters).changes);
  }
}
