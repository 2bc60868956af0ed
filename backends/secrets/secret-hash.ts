/** Secrets that are stored as what can check them and not give them back. */
import { createHash, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

const SECRET_BYTES = 24;
const SALT_BYTES = 16;
const HASH_BYTES = 32;
// Secrets are made here, 192 random bits: no guessing gets near them at any price. So the price is set by the other
// end: after a restart every device of a city proves itself within minutes, at about 10 ms each.
const COST = 4_096;
const BLOCK = 8;
const PARALLEL = 1;

interface Parameters {
  readonly cost: number;
  readonly block: number;
  readonly parallel: number;
}

function derive(secret: string, salt: Buffer, { cost, block, parallel }: Parameters): Promise<Buffer> {
  const options = { N: cost, r: block, p: parallel, maxmem: 256 * cost * block };
  return new Promise((resolve, reject) => {
    scrypt(secret, salt, HASH_BYTES, options, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}

/** A new secret: 192 random bits, 32 letters, digits, `-` and `_`. */
export function newSecret(): string {
  return randomBytes(SECRET_BYTES).toString('base64url');
}

/** What is stored: the parameters, the salt and the hash, so that either may change for later secrets. */
export async function hashSecret(secret: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive(secret, salt, { cost: COST, block: BLOCK, parallel: PARALLEL });
  return ['scrypt', COST, BLOCK, PARALLEL, salt.toString('base64url'), hash.toString('base64url')].join('$');
}

async function matches(secret: string, stored: string): Promise<boolean> {
  const [, cost, block, parallel, salt = '', hash = ''] = stored.split('$');
  const parameters = { cost: Number(cost), block: Number(block), parallel: Number(parallel) };
  const expected = Buffer.from(hash, 'base64url');
  const derived = await derive(secret, Buffer.from(salt, 'base64url'), parameters);
  return expected.length === derived.length && timingSafeEqual(expected, derived);
}

const MAX_REMEMBERED = 50_000;

/** Checks secrets, and remembers the right one of each hash, so that only the first check of a process is slow. */
export class SecretChecker {
  /** Digest of the right secret, by what is stored of it. */
  readonly #right = new Map<string, Buffer>();
  readonly #decoy = hashSecret(newSecret());

  /**
   * True where the secret is the one.
   * @param stored absent where nobody has that name: takes as long as if somebody had
   */
  async check(secret: string, stored: string | undefined): Promise<boolean> {
    if (stored === undefined) {
      await matches(secret, await this.#decoy);
      return false;
    }
    const digest = createHash('sha256').update(secret).digest();
    const right = this.#right.get(stored);
    if (right !== undefined) return timingSafeEqual(right, digest);
    if (!(await matches(secret, stored))) return false;
    if (this.#right.size >= MAX_REMEMBERED) this.#right.clear();
    this.#right.set(stored, digest);
    return true;
  }
}
