/** Who asks: the holder of an API key, with a role and perhaps only some districts. */
import { createHash } from 'node:crypto';
import type { Credentials, Role } from '../contracts/ports/credentials.ts';
import type { Visibility } from '../contracts/ports/read-model.ts';
import { Problem } from './http/problem.ts';

export interface Caller {
  /** Of the key; `anonymous` on public routes. */
  readonly id: string;
  readonly name: string;
  readonly role: Role | undefined;
  /** Only these districts; undefined = all. */
  readonly districts: readonly string[] | undefined;
}

export const ANONYMOUS: Caller = { id: 'anonymous', name: 'anonymous', role: undefined, districts: [] };
/** Who everyone is where no keys are needed. */
export const LOCAL: Caller = { id: 'local', name: 'local', role: 'admin', districts: undefined };

export function visibilityOf(caller: Caller): Visibility {
  return caller.districts === undefined ? {} : { districts: caller.districts };
}

export const seesDistrict = (caller: Caller, district: string): boolean =>
  caller.districts === undefined || caller.districts.includes(district);

export interface Authenticator {
  /**
   * The caller behind an `Authorization` header.
   * @param address whom wrong keys are counted for
   * @throws Problem 401 where there is no valid key, 429 after too many wrong ones
   */
  authenticate(authorization: string | undefined, address: string): Promise<Caller>;
  /** Forgets what was verified, after a key was revoked here. */
  forget(): void;
}

export interface AuthenticatorOptions {
  readonly credentials: Pick<Credentials, 'verifyKey'>;
  readonly now: () => number;
  /** How long a verified key is believed. */
  readonly trustMs: number;
}

/** Answers that are remembered at most; the oldest goes first. */
const REMEMBERED = 2_000;
/** Wrong keys of one address in a minute before verifying stops: it costs, and nobody mistypes that often. */
const WRONG_PER_MINUTE = 300;
const MINUTE_MS = 60_000;
const BEARER = /^Bearer +([\x21-\x7e]{1,512}) *$/i;

const keyMissing = (): Problem =>
  new Problem('key-missing', {
    detail: { zh: '请以 Authorization: Bearer 密钥 访问', en: 'send Authorization: Bearer KEY' },
    headers: { 'www-authenticate': 'Bearer realm="stackwarden"' },
  });

const keyUnknown = (): Problem =>
  new Problem('key-unknown', {
    detail: {
      zh: '此密钥无效或已被吊销；请联系管理员',
      en: 'this key is unknown or revoked; ask an administrator for a new one',
    },
    headers: { 'www-authenticate': 'Bearer realm="stackwarden", error="invalid_token"' },
  });

const tooManyWrong = (): Problem =>
  new Problem('rate-exceeded', {
    detail: { zh: '错误密钥过多，请一分钟后重试', en: 'too many wrong keys from this address; try again in a minute' },
    headers: { 'retry-after': '60' },
  });

interface Remembered {
  readonly at: number;
  readonly caller: Promise<Caller | undefined>;
}

function remember<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  const oldest = map.keys().next();
  if (map.size > REMEMBERED && oldest.done !== true) map.delete(oldest.value);
}

/** Verifies keys; remembers the answer by the hash of the key, never the key. */
export function createAuthenticator({ credentials, now, trustMs }: AuthenticatorOptions): Authenticator {
  const remembered = new Map<string, Remembered>();
  const wrong = new Map<string, { readonly since: number; readonly count: number }>();

  const countWrong = (address: string, at: number): void => {
    const before = wrong.get(address);
    const fresh = before === undefined || at - before.since >= MINUTE_MS || at < before.since;
    remember(wrong, address, fresh ? { since: at, count: 1 } : { since: before.since, count: before.count + 1 });
  };
  const isBarred = (address: string, at: number): boolean => {
    const entry = wrong.get(address);
    return entry !== undefined && entry.count >= WRONG_PER_MINUTE && at - entry.since < MINUTE_MS;
  };
  const verify = async (secret: string, address: string): Promise<Caller | undefined> => {
    const key = await credentials.verifyKey(secret);
    if (key === undefined || key.revokedAt !== undefined) {
      countWrong(address, now());
      return undefined;
    }
    const districts = key.role === 'district' ? (key.districts ?? []) : key.districts;
    return { id: key.id, name: key.name, role: key.role, districts };
  };
  const lookUp = (secret: string, address: string): Promise<Caller | undefined> => {
    const hash = createHash('sha256').update(secret).digest('base64');
    const at = now();
    const entry = remembered.get(hash);
    // A clock that was set back must not prolong the trust.
    if (entry !== undefined && at >= entry.at && at - entry.at < trustMs) return entry.caller;
    if (isBarred(address, at)) throw tooManyWrong();
    const caller = verify(secret, address);
    remember(remembered, hash, { at, caller });
    // The one who asked hears of the failure; nobody else may be told of it from memory.
    caller.catch(() => remembered.delete(hash));
    return caller;
  };

  return {
    authenticate: async (authorization, address) => {
      if (authorization === undefined) throw keyMissing();
      const secret = BEARER.exec(authorization)?.[1];
      if (secret === undefined) throw keyMissing();
      const caller = await lookUp(secret, address);
      if (caller === undefined) throw keyUnknown();
      return caller;
    },
    forget: () => remembered.clear(),
  };
}
