/**
 * Who a connection is: user and password, or the name in a client certificate.
 *
 * Passwords are costly to verify, on purpose. A success is remembered, so that a network fault that makes all devices
 * connect again is not a storm of verifications; a failure is remembered for a while, so that a device with a wrong
 * password costs nothing; and only a few are verified at one time. What is remembered is a keyed hash, never a password.
 */
import { createHmac, randomBytes } from 'node:crypto';
import type { Credentials, DeviceCredential } from '../contracts/ports/credentials.ts';
import type { Limits } from './limits.ts';
import { RecentKeys } from './recent-keys.ts';

/** What a client says of itself. The certificate was verified by TLS. */
export interface Claim {
  readonly user: string | undefined;
  readonly password: Buffer | undefined;
  readonly certificateName: string | undefined;
}

export type CheckOutcome =
  | { readonly credential: DeviceCredential }
  /** `busy`: it may try again; `unproven`: neither password nor certificate. */
  | { readonly refused: 'wrong' | 'unproven' | 'busy' };

export interface CredentialCheckOptions {
  readonly credentials: Pick<Credentials, 'verifyDevice' | 'findDevice' | 'listDevices'>;
  readonly limits: Pick<Limits, 'verifications' | 'verificationsWaiting' | 'wrongPasswordMs'>;
  /** Monotonic ms. */
  readonly monotonic: () => number;
}

const WRONG_REMEMBERED = 10_000;

/** The name a client goes by: whoever sends a password means its user name, else the certificate speaks. */
export function claimedName({ user, password, certificateName }: Claim): string | undefined {
  return user !== undefined && password !== undefined ? user : (certificateName ?? user);
}

export class CredentialCheck {
  readonly #options: CredentialCheckOptions;
  readonly #key = randomBytes(32);
  readonly #right = new Map<string, { readonly digest: string; readonly credential: DeviceCredential }>();
  readonly #wrong: RecentKeys;
  readonly #pending = new Map<string, Promise<CheckOutcome>>();
  #running = 0;
  readonly #queue: (() => void)[] = [];

  constructor(options: CredentialCheckOptions) {
    this.#options = options;
    this.#wrong = new RecentKeys(options.limits.wrongPasswordMs, WRONG_REMEMBERED, options.monotonic);
  }

  /** @throws what the credentials throw when they cannot be read */
  async check(claim: Claim): Promise<CheckOutcome> {
    const { user, password, certificateName } = claim;
    if (password !== undefined && user !== undefined) return this.#byPassword(user, password);
    if (certificateName === undefined) return { refused: 'unproven' };
    const credential = await this.#find(certificateName);
    return credential === undefined ? { refused: 'wrong' } : { credential };
  }

  /** Users whose credential is no longer, or no longer the same; they are forgotten as well. */
  async withdrawn(connected: Iterable<DeviceCredential>): Promise<ReadonlySet<string>> {
    const valid = new Map<string, number>();
    for (const { user, createdAt, revokedAt } of await this.#options.credentials.listDevices()) {
      if (revokedAt === undefined) valid.set(user, createdAt);
    }
    const gone = new Set<string>();
    for (const { user, createdAt } of connected) {
      if (valid.get(user) !== createdAt) gone.add(user);
    }
    for (const [user, { credential }] of this.#right) {
      if (valid.get(user) !== credential.createdAt) this.#right.delete(user);
    }
    return gone;
  }

  async #find(user: string): Promise<DeviceCredential | undefined> {
    const credential = await this.#options.credentials.findDevice(user);
    return credential?.revokedAt === undefined ? credential : undefined;
  }

  async #byPassword(user: string, password: Buffer): Promise<CheckOutcome> {
    const digest = createHmac('sha256', this.#key).update(`${user}\0`).update(password).digest('base64');
    const known = this.#right.get(user);
    if (known?.digest === digest) {
      const now = await this.#find(user);
      if (now?.createdAt === known.credential.createdAt) return { credential: known.credential };
      this.#right.delete(user);
    }
    if (this.#wrong.has(digest)) return { refused: 'wrong' };
    // A device that connects twice with the same words waits for one answer.
    const pending = this.#pending.get(digest);
    if (pending !== undefined) return pending;
    if (this.#queue.length >= this.#options.limits.verificationsWaiting) return { refused: 'busy' };
    const outcome = this.#verify(user, password, digest);
    this.#pending.set(digest, outcome);
    return outcome;
  }

  async #verify(user: string, password: Buffer, digest: string): Promise<CheckOutcome> {
    await this.#turn();
    try {
      const credential = await this.#options.credentials.verifyDevice(user, password.toString('utf8'));
      if (credential !== undefined) {
        this.#right.set(user, { digest, credential });
        return { credential };
      }
      this.#wrong.add(digest);
      return { refused: 'wrong' };
    } finally {
      this.#pending.delete(digest);
      // The turn goes straight to the next one, or somebody who comes now would make it one too many.
      const next = this.#queue.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }

  async #turn(): Promise<void> {
    if (this.#running < this.#options.limits.verifications) {
      this.#running += 1;
      return;
    }
    await new Promise<void>((resolve) => {
      this.#queue.push(resolve);
    });
  }
}
