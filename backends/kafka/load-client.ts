/** node-rdkafka, loaded when it is needed and only then: it is optional, and has to be compiled once. */
import type RdKafka from 'node-rdkafka';
import { ConfigError } from '../../contracts/errors.ts';

export type KafkaModule = typeof RdKafka;

const HOW_TO =
  'Kafka needs the package node-rdkafka, which is compiled once: install a C++ compiler, make and Python 3, then run ' +
  '`npm install --ignore-scripts --include=optional` and `npm run build:kafka` (3 to 5 minutes).';

/** @throws ConfigError that says how to get it, where it is not there or was not compiled */
export async function loadClient(): Promise<KafkaModule> {
  try {
    const loaded = (await import('node-rdkafka')) as KafkaModule & { readonly default?: KafkaModule };
    return loaded.default ?? loaded;
  } catch (error) {
    const { code, message } = error as { code?: string; message?: string };
    throw new ConfigError([`${HOW_TO} (${code ?? 'error'}: ${(message ?? String(error)).split('\n', 1)[0] ?? ''})`]);
  }
}
