/** Where credentials are kept: in the data folder, or on Kafka; there also with no other process running. */
import { resolve } from 'node:path';
import { KafkaCredentials } from '../backends/kafka/kafka-credentials.ts';
import { SqliteCredentials } from '../backends/sqlite/sqlite-credentials.ts';
import type { Credentials } from '../contracts/ports/credentials.ts';
import type { Config } from './config.ts';
import { openKafka } from './open-kafka.ts';

export interface OpenedCredentials {
  readonly credentials: Credentials;
  readonly close: () => Promise<void>;
}

export type OpenCredentials = () => Promise<OpenedCredentials>;

export function credentialsIn(folder: string): OpenCredentials {
  return async () => {
    const credentials = new SqliteCredentials(folder);
    return {
      credentials,
      close: async () => {
        credentials.close();
      },
    };
  };
}

async function credentialsOnKafka(config: Config): Promise<OpenedCredentials> {
  const credentials = await KafkaCredentials.open(await openKafka(config));
  return { credentials, close: () => credentials.close() };
}

export function credentialsOf(config: Config): OpenCredentials {
  return config.log === 'kafka' ? () => credentialsOnKafka(config) : credentialsIn(resolve(config.data));
}
