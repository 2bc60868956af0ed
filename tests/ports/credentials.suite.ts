/** What every store of credentials must do. */
import { afterEach, beforeEach, describe, expect, it, type TestContext } from 'vitest';
import { InputError } from '../../contracts/errors.ts';
import type { Credentials } from '../../contracts/ports/credentials.ts';
import { T0 } from './builders.ts';

export interface CredentialsUnderTest {
  readonly credentials: Credentials;
  /** Another process's view of the same. */
  readonly other: Credentials;
  /** Resolves when the other process knows what is written now; without it that is so at once. */
  readonly caughtUp?: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export function describeCredentials(name: string, open: (context: TestContext) => Promise<CredentialsUnderTest>): void {
  describe(`credentials: ${name}`, () => {
    let opened: CredentialsUnderTest | undefined;
    let under: CredentialsUnderTest;
    let credentials: Credentials;
    beforeEach(async (context) => {
      opened = undefined;
      opened = await open(context);
      under = opened;
      ({ credentials } = under);
    });
    afterEach(async () => {
      await opened?.close();
    });

    it('let a device in with its password and nothing else', async () => {
      const { credential, password } = await credentials.addDevice('demo-cement/cems-1', ['demo-cement/cems-1']);
      expect(credential).toEqual({ user: 'demo-cement/cems-1', grants: ['demo-cement/cems-1'], createdAt: T0 });
      expect(password).toMatch(/^[\w-]{32}$/);
      for (let i = 0; i < 2; i += 1) {
        expect(await credentials.verifyDevice('demo-cement/cems-1', password)).toEqual(credential);
        expect(await credentials.verifyDevice('demo-cement/cems-1', `${password}x`)).toBeUndefined();
        expect(await credentials.verifyDevice('demo-cement/cems-1', '')).toBeUndefined();
        expect(await credentials.verifyDevice('demo-cement/cems-2', password)).toBeUndefined();
      }
      expect(await credentials.findDevice('demo-cement/cems-1')).toEqual(credential);
      expect(await credentials.findDevice('nobody')).toBeUndefined();
    });

    it('shut a revoked device out at once, in every process', async () => {
      const { password } = await credentials.addDevice('gateway', ['demo-cement/*', 'steel/*']);
      await under.caughtUp?.();
      expect(await under.other.verifyDevice('gateway', password)).toBeDefined();
      expect(await credentials.revokeDevice('gateway')).toBe(true);
      expect(await credentials.revokeDevice('gateway')).toBe(false);
      await under.caughtUp?.();
      expect(await under.other.verifyDevice('gateway', password)).toBeUndefined();
      expect(await credentials.findDevice('gateway')).toBeUndefined();
      expect(await credentials.listDevices()).toEqual([
        { user: 'gateway', grants: ['demo-cement/*', 'steel/*'], createdAt: T0, revokedAt: T0 },
      ]);
    });

    it('give a device a new password once the old one is revoked, and not before', async () => {
      const first = await credentials.addDevice('a/b', ['a/b']);
      await expect(credentials.addDevice('a/b', ['a/b'])).rejects.toThrow(InputError);
      await credentials.revokeDevice('a/b');
      const second = await credentials.addDevice('a/b', ['a/b']);
      expect(await credentials.verifyDevice('a/b', first.password)).toBeUndefined();
      expect(await credentials.verifyDevice('a/b', second.password)).toEqual(second.credential);
      expect(await credentials.listDevices()).toHaveLength(2);
    });

    it('refuse what is no grant or no name', async () => {
      for (const grants of [[], ['a'], ['*/*'], ['a/b/c'], ['A/b'], ['a/b', 'a/#']]) {
        await expect(credentials.addDevice('a/b', grants)).rejects.toThrow(InputError);
      }
      await expect(credentials.addDevice('', ['a/b'])).rejects.toThrow(InputError);
    });

    it('let a key in with its role and districts', async () => {
      const watch = await credentials.addKey('wall', 'watch');
      const district = await credentials.addKey('新密', 'district', ['xinmi']);
      expect(watch.secret).toMatch(new RegExp(`^sw_${watch.key.id}_[\\w-]{32}$`));
      expect(await credentials.verifyKey(watch.secret)).toEqual({
        ...watch.key,
        name: 'wall',
        role: 'watch',
        createdAt: T0,
      });
      expect(await credentials.verifyKey(district.secret)).toMatchObject({ role: 'district', districts: ['xinmi'] });
      expect((await credentials.listKeys()).map(({ name: of }) => of).sort()).toEqual(['wall', '新密'].sort());
      await expect(credentials.addKey('x', 'district')).rejects.toThrow(InputError);
      await expect(credentials.addKey('x', 'district', [])).rejects.toThrow(InputError);
    });

    it('let nothing in that is no key', async () => {
      const { key, secret } = await credentials.addKey('wall', 'watch');
      const other = await credentials.addKey('other', 'admin');
      const wrong = [
        '',
        'sw_',
        `sw_${key.id}_`,
        secret.slice(0, -1),
        `${secret}A`,
        `sw_${key.id}_${other.secret.slice(-32)}`,
        `sw_000000000000_${secret.slice(-32)}`,
        secret.toUpperCase(),
      ];
      for (const attempt of wrong) expect(await credentials.verifyKey(attempt)).toBeUndefined();
    });

    it('shut a revoked key out at once, in every process', async () => {
      const { key, secret } = await credentials.addKey('wall', 'watch');
      await under.caughtUp?.();
      expect(await under.other.verifyKey(secret)).toEqual(key);
      expect(await credentials.revokeKey(key.id)).toBe(true);
      expect(await credentials.revokeKey(key.id)).toBe(false);
      await under.caughtUp?.();
      expect(await under.other.verifyKey(secret)).toBeUndefined();
      expect(await credentials.listKeys()).toEqual([{ ...key, revokedAt: T0 }]);
    });
  });
}
