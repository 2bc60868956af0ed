import { expect, it } from 'vitest';
import { ConfigError, UnavailableError } from '../../contracts/errors.ts';
import { startEndpoint } from '../../ingest/endpoint.ts';
import { MemoryCredentials } from '../support/memory-credentials.ts';
import {
  closed,
  connectDevice,
  nextBytes,
  openEndpoint,
  openSocket,
  pinged,
  refusedDevice,
  reportText,
  TOPIC,
} from '../support/open-endpoint.ts';
import { connectFrame } from '../support/publish-frame.ts';

const USER = 'demo/cems-1';
const BAD_USER_OR_PASSWORD = 4;
const NOT_AUTHORIZED = 5;

function credentialsOf(...users: readonly string[]): MemoryCredentials {
  const credentials = new MemoryCredentials();
  for (const user of users) credentials.add(user, `password of ${user}`);
  return credentials;
}

const as = (username: string): { username: string; password: string } => ({
  username,
  password: `password of ${username}`,
});

it('lets a device publish under its own topic', async () => {
  const { url, log } = await openEndpoint({ credentials: credentialsOf(USER) });
  const device = await connectDevice(url, as(USER));
  await device.publishAsync(TOPIC, reportText(), { qos: 1 });
  expect(log.records.map(({ kind }) => kind)).toEqual(['report']);
});

it.each([
  ['a wrong password', { username: USER, password: 'guessed' }, BAD_USER_OR_PASSWORD],
  ['an unknown user', { username: 'demo/m-kiln', password: `password of ${USER}` }, BAD_USER_OR_PASSWORD],
  ['no password', { username: USER }, NOT_AUTHORIZED],
  ['nothing', {}, NOT_AUTHORIZED],
])('refuses a client with %s', async (_what, claim, code) => {
  const { url, metrics } = await openEndpoint({ credentials: credentialsOf(USER) });
  expect(await refusedDevice(url, claim)).toMatchObject({ code });
  expect(metrics.refused.credentials).toBe(1);
});

it('records what a device publishes under the topic of another, acknowledges it and closes', async () => {
  const { url, log, metrics } = await openEndpoint({ credentials: credentialsOf(USER) });
  const device = await connectDevice(url, as(USER));
  const closing = closed(device);
  await device.publishAsync('stackwarden/v1/demo/m-kiln/report', reportText(), { qos: 1 });
  await closing;
  expect(log.records).toEqual([
    {
      kind: 'dead',
      received: expect.any(Number),
      reason: 'topic-not-own',
      detail: '`demo/cems-1` may publish for demo/cems-1 only, not for demo/m-kiln',
      topic: 'stackwarden/v1/demo/m-kiln/report',
      payload: reportText(),
      encoding: 'utf8',
    },
  ]);
  expect(metrics.refused.topic).toBe(1);
});

it('takes nothing more behind a message under a topic that is not its own', async () => {
  const { url, log } = await openEndpoint({ credentials: credentialsOf(USER) });
  const device = await connectDevice(url, as(USER));
  const closing = closed(device);
  device.publish('stackwarden/v1/other/cems-1/report', reportText(), { qos: 1 });
  for (let n = 0; n < 50; n += 1) device.publish('stackwarden/v1/other/cems-1/report', reportText(n), { qos: 1 });
  await closing;
  expect(log.records).toHaveLength(1);
});

it('lets a gateway publish for every device of its sites', async () => {
  const credentials = new MemoryCredentials();
  credentials.add('gateway-1', 'secret', ['demo/*', 'other/cems-1']);
  const { url, log } = await openEndpoint({ credentials });
  const gateway = await connectDevice(url, { username: 'gateway-1', password: 'secret' });
  for (const device of ['demo/cems-1', 'demo/m-kiln', 'other/cems-1']) {
    await gateway.publishAsync(
      `stackwarden/v1/${device}/report`,
      '{"ts":"2026-11-22T08:00:00Z","values":{"power":1}}',
      {
        qos: 1,
      },
    );
  }
  expect(log.records.map((record) => record.kind === 'report' && `${record.site}/${record.device}`)).toEqual([
    'demo/cems-1',
    'demo/m-kiln',
    'other/cems-1',
  ]);
  const closing = closed(gateway);
  gateway.publish('stackwarden/v1/other/m-1/report', reportText(), { qos: 1 });
  await closing;
});

it('closes the connections of revoked credentials and refuses new ones', async () => {
  const credentials = credentialsOf(USER, 'demo/m-kiln');
  const { url, metrics } = await openEndpoint({ credentials, limits: { revocationMs: 20 } });
  const [revoked, other] = [await connectDevice(url, as(USER)), await connectDevice(url, as('demo/m-kiln'))];
  const closing = closed(revoked);
  credentials.revoke(USER);
  await closing;
  expect(metrics.refused.revoked).toBe(1);
  expect(await refusedDevice(url, as(USER))).toMatchObject({ code: BAD_USER_OR_PASSWORD });
  await pinged(other);
});

it('closes the connections of a credential that was replaced', async () => {
  const credentials = credentialsOf(USER);
  const { url } = await openEndpoint({ credentials, limits: { revocationMs: 20 } });
  const closing = closed(await connectDevice(url, as(USER)));
  credentials.add(USER, 'a new one');
  await closing;
  await refusedDevice(url, as(USER));
  await connectDevice(url, { username: USER, password: 'a new one' });
});

it('refuses revoked credentials at once although it remembers their password', async () => {
  const credentials = credentialsOf(USER);
  const { url } = await openEndpoint({ credentials, limits: { revocationMs: 3_600_000 } });
  await connectDevice(url, as(USER));
  credentials.revoke(USER);
  expect(await refusedDevice(url, as(USER))).toMatchObject({ code: BAD_USER_OR_PASSWORD });
});

it('verifies few passwords at a time, and each only once', async () => {
  const users = Array.from({ length: 20 }, (_, n) => `demo/m-${n}`);
  const credentials = credentialsOf(...users);
  const { url } = await openEndpoint({ credentials });
  await Promise.all([...users, ...users].map((user) => connectDevice(url, as(user))));
  await Promise.all(users.map((user) => connectDevice(url, as(user))));
  expect(credentials.verifications).toBe(20);
  expect(credentials.atOnce).toBeLessThanOrEqual(2);
});

it('does not verify a wrong password again that comes at once', async () => {
  const credentials = credentialsOf(USER);
  const { url } = await openEndpoint({ credentials });
  await refusedDevice(url, { username: USER, password: 'guessed' });
  await refusedDevice(url, { username: USER, password: 'guessed' });
  await connectDevice(url, as(USER));
  expect(credentials.verifications).toBe(2);
});

it('sends a client away for later when credentials cannot be read, or too many wait', async () => {
  const credentials = credentialsOf(USER);
  credentials.verifyDevice = () => Promise.reject(new UnavailableError('locked'));
  const { url, events } = await openEndpoint({ credentials });
  expect(await refusedDevice(url, as(USER))).toMatchObject({ code: 3 });
  expect(events.map(({ event }) => event)).toContain('ingest.credentials.unreadable');
  const full = await openEndpoint({ credentials: credentialsOf(USER), limits: { verificationsWaiting: 0 } });
  expect(await refusedDevice(full.url, as(USER))).toMatchObject({ code: 3 });
  expect(full.metrics.refused['verification-limit']).toBe(1);
});

it('takes over a session of the same user by client id, and of no other', async () => {
  const credentials = credentialsOf(USER, 'demo/m-kiln');
  const { url } = await openEndpoint({ credentials });
  const victim = await connectDevice(url, { ...as(USER), clientId: 'box' });
  const other = await connectDevice(url, { ...as('demo/m-kiln'), clientId: 'box' });
  await pinged(victim);
  const closing = closed(victim);
  const next = await connectDevice(url, { ...as(USER), clientId: 'box' });
  await closing;
  await pinged(next);
  await pinged(other);
});

it('gives clients without an id sessions of their own, and refuses one that shall be kept', async () => {
  const { url, port } = await openEndpoint({ credentials: credentialsOf(USER) });
  const first = await connectDevice(url, { ...as(USER), clientId: '' });
  await connectDevice(url, { ...as(USER), clientId: '' });
  await pinged(first);
  const socket = await openSocket(port);
  socket.write(connectFrame({ clientId: '', clean: false, user: USER, password: `password of ${USER}` }));
  expect(await nextBytes(socket)).toEqual(Buffer.from([0x20, 2, 0, 2]));
});

it('remembers no session: a kept one begins anew', async () => {
  const { url } = await openEndpoint({ credentials: credentialsOf(USER) });
  const options = { ...as(USER), clientId: 'box', clean: false };
  const first = await connectDevice(url, options);
  first.stream.destroy();
  await closed(first);
  const next = await connectDevice(url, options);
  await next.publishAsync(TOPIC, reportText(), { qos: 1 });
});

it('is not open to everyone but on a loopback address', async () => {
  const nothing = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const { log } = await openEndpoint();
  const options = {
    log,
    registry: () => Promise.reject(new Error('unused')) as never,
    port: 0,
    events: nothing,
    now: Date.now,
  };
  await expect(startEndpoint({ ...options, host: '0.0.0.0', insecure: true })).rejects.toThrow(ConfigError);
  await expect(startEndpoint({ ...options, host: '127.0.0.1' })).rejects.toThrow(ConfigError);
});

it('says that its port is in use', async () => {
  const { port } = await openEndpoint();
  await expect(openEndpoint({ port })).rejects.toThrow(UnavailableError);
});
