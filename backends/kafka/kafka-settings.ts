/** How the servers are reached, and what their topics are called. */
import type { GlobalConfig } from 'node-rdkafka';

export interface KafkaSettings {
  /** `host:port,…` */
  readonly brokers: string;
  /** In front of every topic's name. */
  readonly prefix: string;
  /** Of the reports, when the topics are made; fixed from then on, since state belongs to partitions. */
  readonly partitions: number;
  /** Outputs and offsets move in one transaction. Without it ids alone make repeats harmless. */
  readonly transactions: boolean;
  /** How the brokers let us in; absent = plain text without a login. */
  readonly access?: KafkaAccess;
}

export interface KafkaAccess {
  readonly tls?: KafkaTls;
  readonly login?: KafkaLogin;
}

/** PEM files. */
export interface KafkaTls {
  /** Of the authority that signed the brokers' certificates; absent = those that the system trusts. */
  readonly ca?: string;
  /** Ours, where the brokers want one. */
  readonly own?: { readonly cert: string; readonly key: string };
}

export interface KafkaLogin {
  readonly mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512';
  readonly user: string;
  readonly password: string;
}

function accessConfig({ tls, login }: KafkaAccess): GlobalConfig {
  const transport = tls === undefined ? 'plaintext' : 'ssl';
  return {
    'security.protocol': login === undefined ? transport : `sasl_${transport}`,
    ...(tls === undefined ? {} : { 'ssl.endpoint.identification.algorithm': 'https' }),
    ...(tls?.ca === undefined ? {} : { 'ssl.ca.location': tls.ca }),
    ...(tls?.own === undefined ? {} : { 'ssl.certificate.location': tls.own.cert, 'ssl.key.location': tls.own.key }),
    ...(login === undefined
      ? {}
      : { 'sasl.mechanisms': login.mechanism, 'sasl.username': login.user, 'sasl.password': login.password }),
  };
}

/**
 * What all clients have in common. librdkafka's default waits (a minute for an answer, five for a delivery) are for
 * networks that heal by themselves; here somebody waits for the acknowledgement.
 */
export function clientConfig({ brokers, access = {} }: KafkaSettings, name: string): GlobalConfig {
  return {
    'client.id': `stackwarden-${name}`,
    'metadata.broker.list': brokers,
    ...accessConfig(access),
    'socket.timeout.ms': 10_000,
    'socket.keepalive.enable': true,
    'socket.nagle.disable': true,
    'reconnect.backoff.ms': 100,
    'reconnect.backoff.max.ms': 2_000,
    log_level: 3,
  };
}
