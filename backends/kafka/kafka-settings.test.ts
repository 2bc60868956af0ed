import { describe, expect, it } from 'vitest';
import { clientConfig, type KafkaAccess } from './kafka-settings.ts';

const login = { mechanism: 'SCRAM-SHA-512', user: 'me', password: 'secret' } as const;
const of = (access?: KafkaAccess): object =>
  clientConfig(
    { brokers: 'k:9093', prefix: '', partitions: 1, transactions: true, ...(access === undefined ? {} : { access }) },
    'test',
  );

describe('what every client of Kafka is given', () => {
  it('is plain text without a login unless said', () => {
    expect(of()).toMatchObject({ 'security.protocol': 'plaintext', 'metadata.broker.list': 'k:9093' });
    expect(Object.keys(of()).filter((key) => /^(ssl|sasl)[.]/.test(key))).toEqual([]);
  });

  it('is the names of brokers checked, the authority and our certificate, with TLS', () => {
    expect(of({ tls: {} })).toMatchObject({
      'security.protocol': 'ssl',
      'ssl.endpoint.identification.algorithm': 'https',
    });
    expect(of({ tls: { ca: 'ca.pem', own: { cert: 'c.pem', key: 'k.pem' } } })).toMatchObject({
      'ssl.ca.location': 'ca.pem',
      'ssl.certificate.location': 'c.pem',
      'ssl.key.location': 'k.pem',
    });
  });

  it('is the login, with TLS and without', () => {
    const said = { 'sasl.mechanisms': 'SCRAM-SHA-512', 'sasl.username': 'me', 'sasl.password': 'secret' };
    expect(of({ login })).toMatchObject({ ...said, 'security.protocol': 'sasl_plaintext' });
    expect(of({ login, tls: {} })).toMatchObject({ ...said, 'security.protocol': 'sasl_ssl' });
  });
});
