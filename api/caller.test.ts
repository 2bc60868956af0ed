import { describe, expect, it } from 'vitest';
import { UnavailableError } from '../contracts/errors.ts';
import { FakeCredentials } from '../tests/support/fake-credentials.ts';
import { createAuthenticator, type Authenticator } from './caller.ts';

function world(trustMs = 4_000) {
  const credentials = new FakeCredentials();
  credentials.put('good', 'watch');
  let at = 1_000_000;
  const authenticator = createAuthenticator({ credentials, now: () => at, trustMs });
  return { credentials, authenticator, pass: (ms: number) => (at += ms) };
}

const enter = (authenticator: Authenticator, key: string) => authenticator.authenticate(`Bearer ${key}`, '10.0.0.1');

describe('a key', () => {
  it('is verified once, and believed for a while', async () => {
    const { credentials, authenticator, pass } = world();
    await enter(authenticator, 'good');
    pass(3_999);
    await enter(authenticator, 'good');
    expect(credentials.verifications).toBe(1);
    pass(1);
    await enter(authenticator, 'good');
    expect(credentials.verifications).toBe(2);
  });
  it('that is revoked elsewhere is refused within 5 seconds', async () => {
    const { credentials, authenticator, pass } = world();
    await enter(authenticator, 'good');
    credentials.keys.delete('good');
    await expect(enter(authenticator, 'good')).resolves.toMatchObject({ role: 'watch' });
    pass(5_000);
    await expect(enter(authenticator, 'good')).rejects.toMatchObject({ problem: 'key-unknown' });
  });
  it('that is revoked here is refused at once', async () => {
    const { credentials, authenticator } = world();
    await enter(authenticator, 'good');
    credentials.keys.delete('good');
    authenticator.forget();
    await expect(enter(authenticator, 'good')).rejects.toMatchObject({ problem: 'key-unknown' });
  });
  it('is not believed longer because the clock was set back', async () => {
    const { credentials, authenticator, pass } = world();
    await enter(authenticator, 'good');
    pass(-60_000);
    await enter(authenticator, 'good');
    expect(credentials.verifications).toBe(2);
  });
  it('asked for by many at once is verified once', async () => {
    const { credentials, authenticator } = world();
    await Promise.all([enter(authenticator, 'good'), enter(authenticator, 'good'), enter(authenticator, 'good')]);
    expect(credentials.verifications).toBe(1);
  });
  it('that could not be looked up is neither known nor unknown', async () => {
    const { credentials, authenticator } = world();
    credentials.failure = new UnavailableError('away');
    await expect(enter(authenticator, 'good')).rejects.toThrow(UnavailableError);
    credentials.failure = undefined;
    await expect(enter(authenticator, 'good')).resolves.toMatchObject({ role: 'watch' });
  });
  it('of a district without districts sees nothing', async () => {
    const { credentials, authenticator } = world();
    credentials.put('lost', 'district');
    await expect(enter(authenticator, 'lost')).resolves.toMatchObject({ districts: [] });
  });
});

describe('without a valid key', () => {
  it.each([undefined, '', 'good', 'Basic Z29vZA==', 'Bearer', 'Bearer  ', 'Bearer a b', `Bearer ${'x'.repeat(600)}`])(
    '%s is told how to send one',
    async (header) => {
      const { authenticator } = world();
      await expect(authenticator.authenticate(header, '10.0.0.1')).rejects.toMatchObject({
        problem: 'key-missing',
        parts: { headers: { 'www-authenticate': 'Bearer realm="stackwarden"' } },
      });
    },
  );
  it('guessing is stopped for an address, and only for it', async () => {
    const { authenticator, credentials, pass } = world();
    for (let i = 0; i < 300; i += 1)
      await expect(enter(authenticator, `guess-${i}`)).rejects.toMatchObject({ status: 401 });
    await expect(enter(authenticator, 'guess')).rejects.toMatchObject({ status: 429 });
    expect(credentials.verifications).toBe(300);
    await expect(authenticator.authenticate('Bearer good', '10.0.0.2')).resolves.toMatchObject({ role: 'watch' });
    pass(60_000);
    await expect(enter(authenticator, 'good')).resolves.toMatchObject({ role: 'watch' });
  });
  it('the same wrong key again and again costs one verification', async () => {
    const { authenticator, credentials } = world();
    for (let i = 0; i < 50; i += 1) await expect(enter(authenticator, 'stale')).rejects.toMatchObject({ status: 401 });
    expect(credentials.verifications).toBe(1);
  });
});
