import { join } from 'node:path';
import type { ApiKey, Credentials, DeviceCredential, Role } from '../../contracts/ports/credentials.ts';
import {
  checkDistricts,
  checkGrants,
  checkUser,
  joinKey,
  newKeyId,
  splitKey,
  userInUse,
} from '../secrets/credential-rules.ts';
import { hashSecret, newSecret, SecretChecker } from '../secrets/secret-hash.ts';
import type { Database } from './database.ts';
import { expectChecksum } from './checksum.ts';
import {
  CREDENTIALS_SCHEMA,
  DEVICE_FACTS,
  deviceChecksum,
  KEY_FACTS,
  keyChecksum,
  type DeviceRow,
  type KeyRow,
} from './credentials-schema.ts';
import { migrate } from './migrate.ts';
import { checkDatabase, openChecked, openOrMake } from './open-database.ts';
import { createPrivateFolder } from './private-files.ts';
import { Queries } from './query-builder.ts';
import { guarded, sqliteCode } from './sqlite-errors.ts';
import { expectSchema, expectSoundFile } from './start-check.ts';

// A file of its own beside the store: the command line adds and revokes while the server runs, and must never wait
// for the store's writer, nor hold it up.
export const CREDENTIALS_FILE = 'credentials.db';
const BUSY_TIMEOUT_MS = 10_000;

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

/** What is wrong with credentials that are in a file; of older versions only its pages are looked at. */
export function credentialFaults(path: string): readonly string[] {
  const database = openChecked(path, { readOnly: true }, () => undefined);
  try {
    return faultsOf(database);
  } finally {
    database.close();
  }
}

function faultsOf(database: Database): readonly string[] {
  const faults = [...checkDatabase(database)];
  const { user_version: version } = database.prepare('PRAGMA user_version').get() as { user_version: number };
  if (faults.length > 0 || version < CREDENTIALS_SCHEMA.migrations.length) return faults;
  for (const row of database.prepare('SELECT * FROM device').all() as DeviceRow[])
    if (deviceChecksum(row) !== row.checksum) faults.push(`table device: the checksum of user ${row.user} is wrong`);
  for (const row of database.prepare('SELECT * FROM api_key').all() as KeyRow[])
    if (keyChecksum(row) !== row.checksum) faults.push(`table api_key: the checksum of key ${row.id} is wrong`);
  return faults;
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
    this.#database = openOrMake(this.#path, (database) => {
      database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;`);
      migrate(database, this.#path, CREDENTIALS_SCHEMA);
      expectSchema(database, this.#path, CREDENTIALS_SCHEMA);
      expectSoundFile(database, this.#path);
    });
    this.#queries = new Queries(this.#database);
    this.#expectSoundRows();
  }

  /** A row that was changed on the disk would let in whom nobody let in, or shut out whom nobody shut out. */
  #expectSoundRows(): void {
    try {
      this.#devices('SELECT * FROM device');
      this.#keys('SELECT * FROM api_key');
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** @throws InputError where the user has a credential in use, or a grant is none */
  async addDevice(
    user: string,
    grants: readonly string[],
  ): Promise<{ readonly credential: DeviceCredential; readonly password: string }> {
    checkUser(user);
    checkGrants(grants);
    const password = newSecret();
    const hash = await hashSecret(password);
    const createdAt = this.#clock();
    const added = this.#run(
      'INSERT INTO device (user, grants, hash, created_at, checksum) ' +
        'VALUES (?1, ?2, ?3, ?4, facts_checksum(?1, ?2, ?3, ?4, NULL)) ON CONFLICT DO NOTHING',
      [user, JSON.stringify(grants), hash, createdAt],
    );
    if (added === 0) throw userInUse(user);
    return { credential: { user, grants: [...grants], createdAt }, password };
  }

  async listDevices(): Promise<readonly DeviceCredential[]> {
    return this.#devices('SELECT * FROM device ORDER BY user, n').map(toDevice);
  }

  async revokeDevice(user: string): Promise<boolean> {
    const checksum = DEVICE_FACTS.replace('revoked_at', '?1');
    return (
      this.#run(
        `UPDATE device SET revoked_at = ?1, checksum = facts_checksum(${checksum}) WHERE user = ?2 AND revoked_at IS NULL`,
        [this.#clock(), user],
      ) > 0
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
    checkDistricts(role, districts);
    const id = newKeyId();
    const secret = newSecret();
    const hash = await hashSecret(secret);
    const createdAt = this.#clock();
    this.#run(
      'INSERT INTO api_key (id, name, role, districts, hash, created_at, checksum) ' +
        'VALUES (?1, ?2, ?3, ?4, ?5, ?6, facts_checksum(?1, ?2, ?3, ?4, ?5, ?6, NULL))',
      [id, name, role, districts === undefined ? null : JSON.stringify(districts), hash, createdAt],
    );
    const key = { id, name, role, ...(districts === undefined ? {} : { districts: [...districts] }), createdAt };
    return { key, secret: joinKey(id, secret) };
  }

  async listKeys(): Promise<readonly ApiKey[]> {
    return this.#keys('SELECT * FROM api_key ORDER BY created_at, id').map(toKey);
  }

  async revokeKey(id: string): Promise<boolean> {
    const checksum = KEY_FACTS.replace('revoked_at', '?1');
    return (
      this.#run(
        `UPDATE api_key SET revoked_at = ?1, checksum = facts_checksum(${checksum}) WHERE id = ?2 AND revoked_at IS NULL`,
        [this.#clock(), id],
      ) > 0
    );
  }

  async verifyKey(secret: string): Promise<ApiKey | undefined> {
    const { id, secret: random } = splitKey(secret);
    const [row] = this.#keys('SELECT * FROM api_key WHERE id = ? AND revoked_at IS NULL', id);
    return (await this.#checker.check(random, row?.hash)) && row !== undefined ? toKey(row) : undefined;
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }

  #device(user: string): DeviceRow | undefined {
    return this.#devices('SELECT * FROM device WHERE user = ? AND revoked_at IS NULL', user)[0];
  }

  #devices(sql: string, ...parameters: string[]): DeviceRow[] {
    const rows = this.#all<DeviceRow>(sql, ...parameters);
    const place = this.#queries.place('device');
    for (const row of rows) expectChecksum(deviceChecksum(row), row.checksum, place, `user ${row.user}`);
    return rows;
  }

  #keys(sql: string, ...parameters: string[]): KeyRow[] {
    const rows = this.#all<KeyRow>(sql, ...parameters);
    const place = this.#queries.place('api_key');
    for (const row of rows) expectChecksum(keyChecksum(row), row.checksum, place, `key ${row.id}`);
    return rows;
  }

  #all<Row>(sql: string, ...parameters: string[]): Row[] {
    return guarded(`read ${this.#path}`, () => this.#queries.all<Row>(sql, ...parameters));
  }

  /** Into the file itself at once: so nothing is ever in the write-ahead log alone, which may get lost. */
  #settle(): void {
    try {
      this.#database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    } catch (error) {
      // A full disk: it is written, in the write-ahead log, and goes into the file with the next.
      if (sqliteCode(error) === undefined) throw error;
    }
  }

  /** @returns how many rows it changed */
  #run(sql: string, parameters: readonly (string | number | null)[]): number {
    return guarded(`write to ${this.#path}`, () => {
      const { changes } = this.#queries.statement(sql).run(...parameters);
      this.#settle();
      return changes;
    });
  }
}
