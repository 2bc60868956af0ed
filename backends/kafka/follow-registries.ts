/** The registry in force, as every process knows it: the newest on the shelf, and each one that follows. */
import type { RegistryText } from '../../contracts/registry/read-registry.ts';
import { followTopic, type Follower } from './follow-topic.ts';
import type { KafkaSettings } from './kafka-settings.ts';
import type { KafkaModule } from './load-client.ts';
import { RegistryAssembly } from './registry-shelf.ts';
import { topicName } from './topics.ts';

export interface FollowRegistriesOptions {
  readonly module: KafkaModule;
  readonly settings: KafkaSettings;
  /** Told the newest before {@link followRegistries} resolves, where there is one, and each that comes after it. */
  readonly onRegistry: (files: readonly RegistryText[]) => void;
}

export type FollowedRegistries = Pick<Follower, 'failed' | 'close' | 'toEnd'>;

/** @throws UnavailableError where Kafka does not answer, or a later version wrote a registry */
export async function followRegistries(options: FollowRegistriesOptions): Promise<FollowedRegistries> {
  const assembly = new RegistryAssembly();
  let isLive = false;
  const tell = (digest: string | undefined): void => {
    const files = digest === undefined ? undefined : assembly.files(digest);
    if (files !== undefined) options.onRegistry(files);
  };
  const follower = await followTopic({
    ...options,
    places: [{ topic: topicName(options.settings, 'registries'), partition: 0, offset: 0 }],
    take: (message) => {
      const digest = assembly.take(message);
      if (isLive) tell(digest);
    },
  });
  try {
    const ended = await Promise.race([follower.toEnd(), follower.failed]);
    if (ended instanceof Error) throw ended;
    tell(assembly.latest());
    isLive = true;
    return follower;
  } catch (error) {
    await follower.close();
    throw error;
  }
}
