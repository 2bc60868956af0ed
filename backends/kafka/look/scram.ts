/**
 * The client's side of SCRAM (RFC 5802, RFC 7677): proves that it knows the password without saying it, and that the
 * server knows it too. Without channel binding, which Kafka has not; the password is taken as it is, without SASLprep,
 * as Kafka and librdkafka take it.
 */
import { createHash, createHmac, pbkdf2, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { UnavailableError } from '../../../contracts/errors.ts';

export type ScramDigest = 'sha256' | 'sha512';

export interface ScramStart {
  readonly digest: ScramDigest;
  readonly user: string;
  readonly password: string;
  /** Random, printable, without a comma. */
  readonly nonce: string;
}

export interface ScramAnswer {
  /** What is sent now. */
  readonly final: string;
  /** What the server must say to that. */
  readonly expected: string;
}

const DIGEST_BYTES = { sha256: 32, sha512: 64 } as const;
/** `n,,`: no channel binding, no other identity. */
const HEAD = 'n,,';
/** Engineering judgement: Kafka gives 4096 to 16384; what is far more only keeps the processor busy. */
const MOST_ITERATIONS = 1_000_000;

const derive = promisify(pbkdf2);

function withoutHead(user: string, nonce: string): string {
  return `n=${user.replaceAll('=', '=3D').replaceAll(',', '=2C')},r=${nonce}`;
}

export function scramFirst({ user, nonce }: ScramStart): string {
  return `${HEAD}${withoutHead(user, nonce)}`;
}

function attributes(message: string): ReadonlyMap<string, string> {
  return new Map(message.split(',').map((part) => [part.slice(0, 1), part.slice(2)]));
}

function keyedHash(digest: ScramDigest, key: Buffer, text: string): Buffer {
  return createHmac(digest, key).update(text).digest();
}

/** @param serverFirst what the server said to the first message @throws UnavailableError where that is not SCRAM */
export async function scramFinal(start: ScramStart, serverFirst: string): Promise<ScramAnswer> {
  const { digest, user, password, nonce } = start;
  const said = attributes(serverFirst);
  const [both = '', salt = '', iterations] = [said.get('r'), said.get('s'), Number(said.get('i'))];
  if (!both.startsWith(nonce) || both === nonce) throw new UnavailableError('it did not repeat our nonce');
  if (salt === '' || !Number.isInteger(iterations) || iterations < 1 || iterations > MOST_ITERATIONS)
    throw new UnavailableError('it gave no salt, or no number of iterations that can be');
  const salted = await derive(password, Buffer.from(salt, 'base64'), iterations, DIGEST_BYTES[digest], digest);
  const clientKey = keyedHash(digest, salted, 'Client Key');
  const storedKey = createHash(digest).update(clientKey).digest();
  const withoutProof = `c=${Buffer.from(HEAD).toString('base64')},r=${both}`;
  const signed = `${withoutHead(user, nonce)},${serverFirst},${withoutProof}`;
  const signature = keyedHash(digest, storedKey, signed);
  const proof = clientKey.map((byte, index) => byte ^ (signature[index] ?? 0));
  const serverSignature = keyedHash(digest, keyedHash(digest, salted, 'Server Key'), signed);
  return {
    final: `${withoutProof},p=${Buffer.from(proof).toString('base64')}`,
    expected: `v=${serverSignature.toString('base64')}`,
  };
}

/** Whether the server has shown that it knows the password too. */
export function provesServer({ expected }: ScramAnswer, serverFinal: string): boolean {
  const [said, due] = [Buffer.from(serverFinal.split(',', 1)[0] ?? ''), Buffer.from(expected)];
  return said.length === due.length && timingSafeEqual(said, due);
}
