import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { MemoryCredentials } from '../support/memory-credentials.ts';
import {
  closed,
  connectDevice,
  openEndpoint,
  openSocket,
  refusedDevice,
  reportText,
  TOPIC,
} from '../support/open-endpoint.ts';

const USER = 'demo/cems-1';

function hasOpenssl(): boolean {
  try {
    execFileSync('openssl', ['version']);
    return true;
  } catch (error) {
    return error === undefined;
  }
}

/** An authority, a server for 127.0.0.1 and clients, made in a folder of their own. */
function createCertificates(): { readonly folder: string; read(name: string): Buffer } {
  const folder = mkdtempSync(join(tmpdir(), 'stackwarden-tls-'));
  const path = (name: string): string => join(folder, name);
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const make = (name: string, subject: string, more: readonly string[]): void => {
    const files = ['-keyout', path(`${name}.key`), '-out', path(`${name}.crt`)];
    execFileSync('openssl', ['req', '-x509', ...key, ...files, '-subj', subject, ...more], { stdio: 'pipe' });
  };
  const signed = ['-CA', path('ca.crt'), '-CAkey', path('ca.key'), '-addext', 'basicConstraints=critical,CA:FALSE'];
  make('ca', '/CN=test authority', []);
  make('stranger-ca', '/CN=another authority', []);
  make('server', '/CN=localhost', [...signed, '-addext', 'subjectAltName=IP:127.0.0.1']);
  make('device', '/CN=demo\\/cems-1', signed);
  make('unknown', '/CN=demo\\/m-9', signed);
  make(
    'stranger',
    '/CN=demo\\/cems-1',
    signed.map((part) => part.replace('ca.', 'stranger-ca.')),
  );
  return { folder, read: (name) => readFileSync(path(name)) };
}

describe.skipIf(!hasOpenssl())('with TLS (needs openssl to make certificates)', () => {
  const { folder, read } = createCertificates();
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  const tls = { key: read('server.key'), cert: read('server.crt'), ca: read('ca.crt') };
  const certificate = (name: string): object => ({ ca: tls.ca, key: read(`${name}.key`), cert: read(`${name}.crt`) });
  const credentialsOf = (user: string): MemoryCredentials => {
    const credentials = new MemoryCredentials();
    credentials.add(user, 'secret');
    return credentials;
  };

  it('knows a device by its certificate, and by its password without one', async () => {
    const { url, log, metrics, stop } = await openEndpoint({ tls, credentials: credentialsOf(USER) });
    expect(url).toMatch(/^mqtts:/);
    const device = await connectDevice(url, certificate('device'));
    await device.publishAsync(TOPIC, reportText(1), { qos: 1 });
    const other = await connectDevice(url, { ca: tls.ca, username: USER, password: 'secret' });
    await other.publishAsync(TOPIC, reportText(2), { qos: 1 });
    expect([log.records.length, metrics.connections]).toEqual([2, 2]);
    await stop();
    expect(metrics.connections).toBe(0);
  });

  it.each([
    ['for a device without credentials', certificate('unknown'), 4],
    ['that another authority signed', certificate('stranger'), 5],
    ['that is not there', { ca: tls.ca }, 5],
  ])('refuses a certificate %s', async (_what, options, code) => {
    const { url } = await openEndpoint({ tls, credentials: credentialsOf(USER) });
    expect(await refusedDevice(url, options)).toMatchObject({ code });
  });

  it('closes the connection of a certificate whose credential was revoked', async () => {
    const credentials = credentialsOf(USER);
    const { url } = await openEndpoint({ tls, credentials, limits: { revocationMs: 20 } });
    const closing = closed(await connectDevice(url, certificate('device')));
    credentials.revoke(USER);
    await closing;
  });

  it('closes what does not speak TLS, or does not go on', async () => {
    const { port, metrics, url } = await openEndpoint({
      tls,
      credentials: credentialsOf(USER),
      limits: { connectMs: 100 },
    });
    const [plain, silent] = [await openSocket(port), await openSocket(port)];
    const closing = Promise.all([closed(plain), closed(silent)]);
    plain.resume().write('GET / HTTP/1.0\r\n\r\n');
    silent.resume();
    await closing;
    expect(metrics.refused.tls).toBe(2);
    await connectDevice(url, certificate('device'));
  });

  it('takes no more connections than allowed, handshakes included', async () => {
    const { port, metrics } = await openEndpoint({ tls, credentials: credentialsOf(USER), limits: { connections: 1 } });
    await openSocket(port);
    const second = await openSocket(port);
    second.resume();
    if (!second.closed) await closed(second);
    expect([metrics.refused['connection-limit'], metrics.connections]).toEqual([1, 1]);
  });
});
