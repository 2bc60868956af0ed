import { afterAll, describe, expect, it } from 'vitest';
import { CertificateFolder, hasOpenssl } from '../support/certificates.ts';
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

/** An authority, a server for 127.0.0.1 and clients, made in a folder of their own. */
function createCertificates(): CertificateFolder {
  const certificates = new CertificateFolder();
  certificates.authority('ca');
  certificates.authority('stranger-ca');
  certificates.signed('server', '/CN=localhost', { by: 'ca', names: 'IP:127.0.0.1' });
  certificates.signed('device', '/CN=demo\\/cems-1', { by: 'ca' });
  certificates.signed('unknown', '/CN=demo\\/m-9', { by: 'ca' });
  certificates.signed('stranger', '/CN=demo\\/cems-1', { by: 'stranger-ca' });
  return certificates;
}

describe.skipIf(!hasOpenssl())('with TLS (needs openssl to make certificates)', () => {
  const certificates = createCertificates();
  afterAll(() => {
    certificates.remove();
  });
  const read = (name: string): Buffer => certificates.read(name);
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
