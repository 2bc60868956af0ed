/** How Kafka is reached with TLS and a login: what contradicts itself is named, and no secret is. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConfigError } from '../contracts/errors.ts';
import { CertificateFolder, hasOpenssl } from '../tests/support/certificates.ts';
import { readConfig, type PartialConfig } from './config.ts';
import { kafkaSettingsOf } from './kafka-settings-of.ts';

const KAFKA: PartialConfig = { log: 'kafka', kafkaBrokers: 'k:9093' };
const LOGIN: PartialConfig = { kafkaSasl: 'scram-sha-512', kafkaUser: 'me', kafkaPassword: 'secret' };

function problemsOf(flags: PartialConfig, environment: Readonly<Record<string, string>> = {}): readonly string[] {
  try {
    kafkaSettingsOf(readConfig({ ...KAFKA, ...flags }, environment));
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

describe('the login at Kafka', () => {
  it('is none unless said', () => {
    expect(kafkaSettingsOf(readConfig(KAFKA, {})).access).toBeUndefined();
  });

  it.each([
    ['plain', 'PLAIN'],
    ['scram-sha-256', 'SCRAM-SHA-256'],
    ['scram-sha-512', 'SCRAM-SHA-512'],
  ] as const)('is by %s as %s', (kafkaSasl, mechanism) => {
    const { access } = kafkaSettingsOf(readConfig({ ...KAFKA, ...LOGIN, kafkaSasl }, {}));
    expect(access).toEqual({ login: { mechanism, user: 'me', password: 'secret' } });
  });

  it('belongs together, and is told without the password', () => {
    const { kafkaSasl, kafkaUser, kafkaPassword } = LOGIN as Required<
      Pick<PartialConfig, 'kafkaSasl' | 'kafkaUser' | 'kafkaPassword'>
    >;
    const together = 'kafkaSasl, kafkaUser and kafkaPassword belong together:';
    expect(problemsOf({ kafkaSasl, kafkaUser })).toEqual([`${together} kafkaPassword missing`]);
    expect(problemsOf({ kafkaPassword })).toEqual([`${together} kafkaSasl and kafkaUser missing`]);
    expect(problemsOf({ kafkaUser, kafkaPassword })).toEqual([`${together} kafkaSasl missing`]);
    const unknown = problemsOf({}, { STACKWARDEN_KAFKA_SASL: 'gssapi', STACKWARDEN_KAFKA_PASSWORD: 'secret' });
    expect(unknown.join()).toMatch(/^kafkaSasl /);
    expect(unknown.join()).not.toContain('secret');
  });
});

describe.skipIf(!hasOpenssl())('TLS to Kafka (needs openssl to make certificates)', () => {
  let files: CertificateFolder;
  let own: PartialConfig;
  beforeAll(() => {
    files = new CertificateFolder();
    files.authority('ca');
    files.signed('own', '/CN=me', { by: 'ca' });
    files.signed('other', '/CN=other', { by: 'ca' });
    own = { kafkaTls: true, kafkaTlsCert: files.path('own.crt'), kafkaTlsKey: files.path('own.key') };
  });
  afterAll(() => {
    files.remove();
  });

  it('has an authority, a certificate of ours, and a password from a file', () => {
    writeFileSync(files.path('password'), 'from a file\n');
    const environment = {
      STACKWARDEN_KAFKA_TLS: 'true',
      STACKWARDEN_KAFKA_TLS_CA: files.path('ca.crt'),
      STACKWARDEN_KAFKA_SASL: 'scram-sha-256',
      STACKWARDEN_KAFKA_USER: 'me',
      STACKWARDEN_KAFKA_PASSWORD_FILE: files.path('password'),
    };
    const { access } = kafkaSettingsOf(readConfig({ ...KAFKA, ...own }, environment));
    expect(access).toEqual({
      tls: { ca: files.path('ca.crt'), own: { cert: files.path('own.crt'), key: files.path('own.key') } },
      login: { mechanism: 'SCRAM-SHA-256', user: 'me', password: 'from a file' },
    });
    expect(kafkaSettingsOf(readConfig({ ...KAFKA, kafkaTls: true }, {})).access).toEqual({ tls: {} });
  });

  it('refuses files without TLS, and half a pair', () => {
    expect(problemsOf({ kafkaTlsCa: files.path('ca.crt') })).toEqual([
      expect.stringMatching(/^kafkaTlsCa: without kafkaTls: true the connection to Kafka is plain text/),
    ]);
    expect(problemsOf({ kafkaTls: true, kafkaTlsKey: files.path('own.key') })).toEqual([
      'kafkaTlsCert and kafkaTlsKey belong together',
    ]);
  });

  it('names the file that is not there, or holds something else', () => {
    expect(problemsOf({ kafkaTls: true, kafkaTlsCa: files.path('none') })).toEqual([
      expect.stringContaining(`kafkaTlsCa: cannot read ${files.path('none')}: ENOENT`),
    ]);
    expect(problemsOf({ kafkaTls: true, kafkaTlsCa: files.path('own.key') })).toEqual([
      expect.stringContaining(`kafkaTlsCa: ${files.path('own.key')} holds no certificate in PEM`),
    ]);
    const closed = files.path('closed.key');
    execFileSync('openssl', ['pkey', '-in', files.path('own.key'), '-aes256', '-passout', 'pass:x', '-out', closed]);
    expect(problemsOf({ ...own, kafkaTlsKey: closed })).toEqual([
      expect.stringContaining(`kafkaTlsKey: ${closed} holds no private key in PEM without a passphrase`),
    ]);
    expect(problemsOf({ ...own, kafkaTlsKey: files.path('other.key') })).toEqual([
      expect.stringMatching(/other[.]key.*own[.]crt: the key is not that of the certificate$/),
    ]);
  });

  it('does not print a key that was given in place of its path', () => {
    const problems = problemsOf(own, {}).concat(
      problemsOf(
        { kafkaTls: true, kafkaTlsCert: files.path('own.crt') },
        { STACKWARDEN_KAFKA_TLS_KEY_FILE: files.path('own.key') },
      ),
    );
    expect(problems).toEqual(['kafkaTlsKey is the path of a PEM file, not what stands in it']);
  });
});
