/** A Kafka of its own that lets in by TLS, by a login, or by both: a port for each way. */
import { writeFileSync } from 'node:fs';
import type { TestContext } from 'vitest';
import { freePort } from '../../deploy/native/free-port.mjs';
import type { CertificateFolder } from '../support/certificates.ts';
import { startKafka, type OwnServer } from './own-server.ts';

export const USER = 'stackwarden';
export const PASSWORD = 'correct-horse=battery';
export const PLAIN_PASSWORD = 'simple';

export interface GuardedKafka {
  readonly server: OwnServer;
  /** TLS and SCRAM or PLAIN. */
  readonly saslSsl: string;
  /** SCRAM or PLAIN, in plain text. */
  readonly saslPlain: string;
  /** TLS where the client shows a certificate. */
  readonly ssl: string;
}

function tlsLines(listener: string, certificates: CertificateFolder): readonly string[] {
  const prefix = `listener.name.${listener}.ssl`;
  return [
    `${prefix}.keystore.type=PEM`,
    `${prefix}.keystore.location=${certificates.path('server.pem')}`,
    `${prefix}.truststore.type=PEM`,
    `${prefix}.truststore.location=${certificates.path('ca.crt')}`,
  ];
}

function loginLines(listener: string): readonly string[] {
  const prefix = `listener.name.${listener}`;
  const plain = 'org.apache.kafka.common.security.plain.PlainLoginModule';
  const scram = 'org.apache.kafka.common.security.scram.ScramLoginModule';
  return [
    `${prefix}.sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512`,
    `${prefix}.plain.sasl.jaas.config=${plain} required user_${USER}="${PLAIN_PASSWORD}";`,
    `${prefix}.scram-sha-256.sasl.jaas.config=${scram} required;`,
    `${prefix}.scram-sha-512.sasl.jaas.config=${scram} required;`,
  ];
}

/** @param certificates with `ca` and, signed by it, `server` for 127.0.0.1 */
export async function startGuardedKafka(context: TestContext, certificates: CertificateFolder): Promise<GuardedKafka> {
  const pem = Buffer.concat([certificates.read('server.key'), certificates.read('server.crt')]);
  writeFileSync(certificates.path('server.pem'), pem, { mode: 0o600 });
  const [saslSsl, saslPlain, ssl] = [await freePort(), await freePort(), await freePort()];
  const server = await startKafka(context, {
    listeners: [
      { name: 'SECURED', protocol: 'SASL_SSL', port: saslSsl },
      { name: 'LOGIN', protocol: 'SASL_PLAINTEXT', port: saslPlain },
      { name: 'TRUSTED', protocol: 'SSL', port: ssl },
    ],
    properties: [
      ...tlsLines('secured', certificates),
      ...loginLines('secured'),
      ...loginLines('login'),
      ...tlsLines('trusted', certificates),
      'listener.name.trusted.ssl.client.auth=required',
    ],
    users: ['256', '512'].map((size) => `SCRAM-SHA-${size}=[name=${USER},password=${PASSWORD}]`),
  });
  const at = (port: number): string => `127.0.0.1:${String(port)}`;
  return { server, saslSsl: at(saslSsl), saslPlain: at(saslPlain), ssl: at(ssl) };
}
