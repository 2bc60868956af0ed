/** The registry in force: which one, and since when. */
import type { KafkaSettings } from '../kafka-settings.ts';
import type { KafkaModule } from '../load-client.ts';
import { readRange } from '../read-range.ts';
import { RegistryAssembly } from '../registry-shelf.ts';
import { topicName } from '../topics.ts';

export interface NewestRegistry {
  readonly digest: string;
  /** When it was put there, epoch ms; undefined where the message does not say. */
  readonly at: number | undefined;
}

/** undefined where none was ever imported. @throws UnavailableError, also where a later version wrote it */
export async function newestRegistry(
  module: KafkaModule,
  settings: KafkaSettings,
): Promise<NewestRegistry | undefined> {
  const assembly = new RegistryAssembly();
  let newest: NewestRegistry | undefined;
  const range = { topic: topicName(settings, 'registries'), partition: 0, fromOffset: 0 };
  for await (const messages of readRange(module, settings, range)) {
    for (const message of messages) {
      const digest = assembly.take(message);
      if (digest !== undefined) newest = { digest, at: message.timestamp };
    }
  }
  return newest;
}
