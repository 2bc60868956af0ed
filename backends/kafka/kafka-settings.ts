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
}

/**
 * What all clients have in common. librdkafka's default waits (a minute for an answer, five for a delivery) are for
 * networks that heal by themselves; here somebody waits for the acknowledgement.
 */
export function clientConfig({ brokers }: KafkaSettings, name: string): GlobalConfig {
  return {
    'client.id': `stackwarden-${name}`,
    'metadata.broker.list': brokers,
    'socket.timeout.ms': 10_000,
    'socket.keepalive.enable': true,
    'socket.nagle.disable': true,
    'reconnect.backoff.ms': 100,
    'reconnect.backoff.max.ms': 2_000,
    log_level: 3,
  };
}
