/** A registry put into force on Kafka by a command, whether other processes run or not. */
import { latestReceived } from '../backends/kafka/intake-gaps.ts';
import { KafkaLog } from '../backends/kafka/kafka-log.ts';
import { digestOf, openRegistryShelf } from '../backends/kafka/registry-shelf.ts';
import type { RegistryText } from '../contracts/registry/read-registry.ts';
import type { Config } from './config.ts';
import { openKafka } from './open-kafka.ts';

/**
 * @returns false where these files are in force already
 * @throws UnavailableError where Kafka does not answer; importing again does no harm
 */
export async function putRegistry(files: readonly RegistryText[], config: Config): Promise<boolean> {
  const kafka = await openKafka(config);
  const named = files.map(({ name, text }) => ({ name, text }));
  if ((await openRegistryShelf(kafka.module, kafka.settings).latest()) === digestOf(named)) return false;
  let failure: Error | undefined;
  const replaced = (error: Error): void => {
    failure = error;
  };
  const log = await KafkaLog.open({ ...kafka, name: 'import', replaced });
  try {
    const received = Math.max(Date.now(), await latestReceived(kafka));
    await log.append([{ kind: 'registry', received, files: named }]);
  } catch (error) {
    throw failure ?? error;
  } finally {
    await log.close();
  }
  return true;
}
