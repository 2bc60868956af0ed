/** The settings that say how Kafka lets us in: TLS, a certificate of our own, a login. */
import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Type, type Static, type TObject } from 'typebox';
import type { KafkaAccess, KafkaLogin, KafkaTls } from '../backends/kafka/kafka-settings.ts';
import { ConfigError } from '../contracts/errors.ts';

export const KAFKA_ACCESS_PROPERTIES = {
  kafkaTls: Type.Boolean({ default: false, description: 'Kafka: TLS to the brokers' }),
  kafkaTlsCa: Type.Optional(
    Type.String({
      minLength: 1,
      description: "Kafka: PEM file of the authority of the brokers' certificates; absent = those the system trusts",
    }),
  ),
  kafkaTlsCert: Type.Optional(
    Type.String({ minLength: 1, description: 'Kafka: PEM file of our own certificate chain, where brokers want one' }),
  ),
  kafkaTlsKey: Type.Optional(
    Type.String({ minLength: 1, description: 'Kafka: PEM file of its private key, without a passphrase' }),
  ),
  kafkaSasl: Type.Optional(
    Type.Enum(['plain', 'scram-sha-256', 'scram-sha-512'], {
      description: 'Kafka: how to log in with kafkaUser and kafkaPassword; absent = without a login',
    }),
  ),
  kafkaUser: Type.Optional(Type.String({ minLength: 1, description: 'Kafka: user to log in as' })),
  kafkaPassword: Type.Optional(
    Type.String({ minLength: 1, description: "Kafka: that user's password; better given by file" }),
  ),
} as const;

export type KafkaAccessConfig = Static<TObject<typeof KAFKA_ACCESS_PROPERTIES>>;

const FILES = ['kafkaTlsCa', 'kafkaTlsCert', 'kafkaTlsKey'] as const;
const MECHANISMS = {
  plain: 'PLAIN',
  'scram-sha-256': 'SCRAM-SHA-256',
  'scram-sha-512': 'SCRAM-SHA-512',
} as const;

function tlsContradictions(config: KafkaAccessConfig): readonly string[] {
  const named = FILES.filter((key) => config[key] !== undefined);
  // Its text must not get into an error that names a file.
  const texts = named.filter((key) => config[key]?.includes('-----BEGIN'));
  return [
    ...(named.length > 0 && !config.kafkaTls
      ? [`${named.join(', ')}: without kafkaTls: true the connection to Kafka is plain text; set it, or leave them out`]
      : []),
    ...((config.kafkaTlsCert === undefined) !== (config.kafkaTlsKey === undefined)
      ? ['kafkaTlsCert and kafkaTlsKey belong together']
      : []),
    ...texts.map((key) => `${key} is the path of a PEM file, not what stands in it`),
  ];
}

/** What contradicts itself in the settings, without a look at the files. */
export function kafkaAccessContradictions(config: KafkaAccessConfig): readonly string[] {
  const login = (['kafkaSasl', 'kafkaUser', 'kafkaPassword'] as const).filter((key) => config[key] === undefined);
  return [
    ...tlsContradictions(config),
    ...(login.length === 0 || login.length === 3
      ? []
      : [`kafkaSasl, kafkaUser and kafkaPassword belong together: ${login.join(' and ')} missing`]),
  ];
}

/** @throws ConfigError that names the file where it cannot be read or holds something else */
function readPem<T>(key: (typeof FILES)[number], path: string, parse: (text: Buffer) => T): T {
  let text: Buffer;
  try {
    text = readFileSync(path);
  } catch (error) {
    throw new ConfigError([`${key}: cannot read ${path}: ${error instanceof Error ? error.message : String(error)}`]);
  }
  try {
    return parse(text);
  } catch (error) {
    const { code } = error as { readonly code?: string };
    const what = key === 'kafkaTlsKey' ? 'private key in PEM without a passphrase' : 'certificate in PEM';
    throw new ConfigError([`${key}: ${path} holds no ${what} (${code ?? 'unknown form'})`]);
  }
}

function expectFits(certificate: X509Certificate, key: KeyObject, names: string): void {
  if (!certificate.checkPrivateKey(key)) throw new ConfigError([`${names}: the key is not that of the certificate`]);
}

function readTlsOf({ kafkaTlsCa: ca, kafkaTlsCert: cert, kafkaTlsKey: key }: KafkaAccessConfig): KafkaTls {
  const certificateOf = (text: Buffer): X509Certificate => new X509Certificate(text);
  if (ca !== undefined) readPem('kafkaTlsCa', ca, certificateOf);
  const authority = ca === undefined ? {} : { ca };
  if (cert === undefined || key === undefined) return authority;
  const certificate = readPem('kafkaTlsCert', cert, certificateOf);
  expectFits(certificate, readPem('kafkaTlsKey', key, createPrivateKey), `kafkaTlsKey ${key}, kafkaTlsCert ${cert}`);
  return { ...authority, own: { cert, key } };
}

function loginOf({ kafkaSasl, kafkaUser, kafkaPassword }: KafkaAccessConfig): KafkaLogin | undefined {
  if (kafkaSasl === undefined || kafkaUser === undefined || kafkaPassword === undefined) return undefined;
  return { mechanism: MECHANISMS[kafkaSasl], user: kafkaUser, password: kafkaPassword };
}

/**
 * Files are looked at, so that one that cannot be used is named before a connection is tried.
 * @returns undefined where Kafka is to be reached in plain text and without a login
 * @throws ConfigError
 */
export function kafkaAccessOf(config: KafkaAccessConfig): KafkaAccess | undefined {
  const login = loginOf(config);
  if (!config.kafkaTls && login === undefined) return undefined;
  return { ...(config.kafkaTls ? { tls: readTlsOf(config) } : {}), ...(login === undefined ? {} : { login }) };
}
