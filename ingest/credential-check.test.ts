import { expect, it } from 'vitest';
import type { DeviceCredential } from '../contracts/ports/credentials.ts';
import { MemoryCredentials } from '../tests/support/memory-credentials.ts';
import { claimedName, CredentialCheck, type Claim } from './credential-check.ts';

const LIMITS = { verifications: 2, verificationsWaiting: 10, wrongPasswordMs: 1_000 };

const claimOf = (user: string, password: string): Claim => ({
  user,
  password: Buffer.from(password),
  certificateName: undefined,
});

it('has at most so many verifications under way, and answers all', async () => {
  const credentials = new MemoryCredentials();
  const users = Array.from({ length: 12 }, (_, n) => `demo/m-${n}`);
  for (const user of users) credentials.add(user, 'secret');
  const check = new CredentialCheck({ credentials, limits: LIMITS, monotonic: () => 0 });
  const outcomes = await Promise.all(users.map((user) => check.check(claimOf(user, 'secret'))));
  expect(outcomes.map((outcome) => 'credential' in outcome && outcome.credential.user)).toEqual(users);
  expect([credentials.verifications, credentials.atOnce]).toEqual([12, 2]);
});

it('sends away those who would wait too long, and takes them later', async () => {
  const credentials = new MemoryCredentials();
  const users = Array.from({ length: 13 }, (_, n) => `demo/m-${n}`);
  for (const user of users) credentials.add(user, 'secret');
  const check = new CredentialCheck({ credentials, limits: LIMITS, monotonic: () => 0 });
  const outcomes = await Promise.all(users.map((user) => check.check(claimOf(user, 'secret'))));
  expect(outcomes.filter((outcome) => 'refused' in outcome)).toEqual([{ refused: 'busy' }]);
  expect(await check.check(claimOf('demo/m-12', 'secret'))).toHaveProperty('credential');
});

it('goes on after a verification that failed for another reason', async () => {
  const credentials = new MemoryCredentials();
  credentials.add('a/b', 'secret');
  const verify = credentials.verifyDevice.bind(credentials);
  let failures = 5;
  credentials.verifyDevice = (user, password) =>
    failures-- > 0 ? Promise.reject(new Error('locked')) : verify(user, password);
  const check = new CredentialCheck({ credentials, limits: LIMITS, monotonic: () => 0 });
  for (let n = 0; n < 5; n += 1) await expect(check.check(claimOf('a/b', 'secret'))).rejects.toThrow('locked');
  expect(await check.check(claimOf('a/b', 'secret'))).toHaveProperty('credential');
});

it('verifies a wrong password again after a while', async () => {
  let now = 0;
  const credentials = new MemoryCredentials();
  const check = new CredentialCheck({ credentials, limits: LIMITS, monotonic: () => now });
  await check.check(claimOf('a/b', 'secret'));
  await check.check(claimOf('a/b', 'secret'));
  expect(credentials.verifications).toBe(1);
  now = 1_001;
  credentials.add('a/b', 'secret');
  expect(await check.check(claimOf('a/b', 'secret'))).toHaveProperty('credential');
});

it('names those whose credential was revoked or replaced', async () => {
  const credentials = new MemoryCredentials();
  for (const user of ['a/1', 'a/2', 'a/3']) credentials.add(user, 'secret');
  const connected: readonly DeviceCredential[] = await credentials.listDevices();
  credentials.revoke('a/1');
  credentials.add('a/2', 'another');
  const check = new CredentialCheck({ credentials, limits: LIMITS, monotonic: () => 0 });
  expect(await check.withdrawn(connected)).toEqual(new Set(['a/1', 'a/2']));
});

it('knows a client by its user name when it sends a password, else by its certificate', () => {
  const password = Buffer.from('x');
  expect(claimedName({ user: 'u', password, certificateName: 'c' })).toBe('u');
  expect(claimedName({ user: 'u', password: undefined, certificateName: 'c' })).toBe('c');
  expect(claimedName({ user: 'u', password: undefined, certificateName: undefined })).toBe('u');
});
