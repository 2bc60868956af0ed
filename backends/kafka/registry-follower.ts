/** The registry that is in force, as the topic of registries says it: read to its end at the start, and then followed. */
import type { RegistryText } from '../../contracts/registry/read-registry.ts';
import { followTopic } from './follow-topic.ts';
import type { KafkaSettings } from './kafka-settings.ts';
import type { KafkaModule } from './load-client.ts';
import { RegistryAssembly } from './registry-shelf.ts';
import { topicName } from './topics.ts';

export interface RegistryFollowerOptions {
  readonly module: KafkaModule;
  readonly settings: KafkaSettings;
  /** Told of each registry that came into force; of those that stood there at the start, of the newest only. */
  readonly onRegistry: (files: readonly RegistryText[]) => void;
}

export interface RegistryFollower {
  /** Resolves with what the topic cannot be followed for any more. */
  readonly failed: Promise<Error>;
  close(): Promise<void>;
}

/** Resolves when the newest registry was told of. @throws UnavailableError where Kafka does not answer */
export async function followRegistry({
  module,
  settings,
  onRegistry,
}: RegistryFollowerOptions): Promise<RegistryFollower> {
  const assembly = new RegistryAssembly();
  let isReady = false;
  let newest: readonly RegistryText[] | undefined;
  const follower = await followTopic({
    module,
    settings,
    places: [{ topic: topicName(settings, 'registries'), partition: 0, offset: 0 }],
    take: (message) => {
      const digest = assembly.take(message);
      const files = digest === undefined ? undefined : assembly.files(digest);
      if (files === undefined) return;
      newest = files;
      if (isReady) onRegistry(files);
    },
  });
  try {
    const ended = await Promise.race([follower.toEnd(), follower.failed]);
    if (ended instanceof Error) throw ended;
  } catch (error) {
    await follower.close();
    throw error;
  }
  if (newest !== undefined) onRegistry(newest);
  isReady = true;
  return { failed: follower.failed, close: () => follower.close() };
}
