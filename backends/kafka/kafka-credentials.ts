/**
 * Credentials on Kafka: a compacted topic of salted hashes, which each process reads to its end and then follows. So
 * verifying asks nobody, works while Kafka is away, and a revocation is known everywhere within a second.
 */
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
import { CredentialBook, type StoredCredential, type StoredDevice, type StoredKey } from './credential-book.ts';
import { CredentialWriter } from './credential-writer.ts';
import { followTopic, type Follower } from './follow-topic.ts';
import type { KafkaSettings } from './kafka-settings.ts';
import type { KafkaModule } from './load-client.ts';
import { createSerialWriter } from './serial-writer.ts';
import { topicName } from './topics.ts';

export interface KafkaCredentialsOptions {
  readonly module: KafkaModule;
  readonly settings: KafkaSettings;
  readonly clock?: () => number;
}

export class KafkaCredentials implements Credentials {
  /** Resolves with what the topic cannot be followed for any more. */
  readonly failed: Promise<Error>;
  readonly #book: CredentialBook;
  readonly #follower: Follower;
  readonly #writer: CredentialWriter;
  readonly #clock: () => number;
  readonly #checker = new SecretChecker();

  /** Reads what there is. @throws UnavailableError where Kafka does not answer */
  static async open(options: KafkaCredentialsOptions): Promise<KafkaCredentials> {
    const topic = topicName(options.settings, 'credentials');
    const book = new CredentialBook();
    const follower = await followTopic({
      ...options,
      places: [{ topic, partition: 0, offset: 0 }],
      take: ({ key, value }) => {
        book.take(String(key ?? ''), value);
      },
    });
    try {
      const ended = await Promise.race([follower.toEnd(), follower.failed]);
      if (ended instanceof Error) throw ended;
    } catch (error) {
      await follower.close();
      throw error;
    }
    return new KafkaCredentials(options, { book, follower });
  }

  private constructor(
    options: KafkaCredentialsOptions,
    { book, follower }: { readonly book: CredentialBook; readonly follower: Follower },
  ) {
    this.#book = book;
    this.#follower = follower;
    this.#clock = options.clock ?? Date.now;
    this.failed = follower.failed;
    const writer = createSerialWriter({ ...options, name: 'credentials' });
    this.#writer = new CredentialWriter(topicName(options.settings, 'credentials'), writer, follower);
  }

  /** @throws InputError where the user has a credential in use, or a grant is none */
  async addDevice(
    user: string,
    grants: readonly string[],
  ): Promise<{ readonly credential: DeviceCredential; readonly password: string }> {
    checkUser(user);
    checkGrants(grants);
    const password = newSecret();
    const credential: DeviceCredential = { user, grants: [...grants], createdAt: this.#clock() };
    const stored: StoredDevice = { kind: 'device', id: newKeyId(), hash: await hashSecret(password), credential };
    await this.#add(`device ${user}`, stored, () => {
      if (this.#book.device(user) !== undefined) throw userInUse(user);
    });
    return { credential, password };
  }

  async listDevices(): Promise<readonly DeviceCredential[]> {
    return this.#book.devices();
  }

  async revokeDevice(user: string): Promise<boolean> {
    const written = await this.#writer.change({
      subject: `device ${user}`,
      decide: () => {
        const stored = this.#book.device(user);
        if (stored === undefined) return undefined;
        const { kind, id, credential } = stored;
        return { kind, id, credential: { ...credential, revokedAt: this.#clock() } };
      },
    });
    return written !== undefined;
  }

  async verifyDevice(user: string, password: string): Promise<DeviceCredential | undefined> {
    const stored = this.#book.device(user);
    return (await this.#checker.check(password, stored?.hash)) ? stored?.credential : undefined;
  }

  async findDevice(user: string): Promise<DeviceCredential | undefined> {
    return this.#book.device(user)?.credential;
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
    const limits = districts === undefined ? {} : { districts: [...districts] };
    const key: ApiKey = { id, name, role, ...limits, createdAt: this.#clock() };
    const stored: StoredKey = { kind: 'key', id, hash: await hashSecret(secret), credential: key };
    await this.#add(`key ${id}`, stored, () => undefined);
    return { key, secret: joinKey(id, secret) };
  }

  async listKeys(): Promise<readonly ApiKey[]> {
    return this.#book.keys();
  }

  async revokeKey(id: string): Promise<boolean> {
    const written = await this.#writer.change({
      subject: `key ${id}`,
      decide: () => {
        const stored = this.#book.key(id);
        if (stored === undefined || stored.credential.revokedAt !== undefined) return undefined;
        const { kind, credential } = stored;
        return { kind, id, credential: { ...credential, revokedAt: this.#clock() } };
      },
    });
    return written !== undefined;
  }

  async verifyKey(secret: string): Promise<ApiKey | undefined> {
    const { id, secret: random } = splitKey(secret);
    const stored = this.#book.key(id);
    return (await this.#checker.check(random, stored?.hash)) ? stored?.credential : undefined;
  }

  /** Resolves when everything that any process has written until now is known here. */
  caughtUp(): Promise<void> {
    return this.#follower.toEnd();
  }

  async close(): Promise<void> {
    await Promise.all([this.#writer.close(), this.#follower.close()]);
  }

  async #add(subject: string, stored: StoredCredential, check: () => void): Promise<void> {
    await this.#writer.change({
      subject,
      decide: () => {
        // Asked again behind a commit whose answer was lost: it is there.
        if (this.#book.has(stored)) return undefined;
        check();
        return stored;
      },
    });
  }
}
