/** Topics of a Kafka that had none: known to whoever asks as soon as they are made. */
import { describe, expect, it } from 'vitest';
import { openRegistryShelf } from '../../backends/kafka/registry-shelf.ts';
import { endsAfterEach } from '../support/ends-after-each.ts';
import { startKafka } from '../servers/own-server.ts';
import { makeOwnTopics } from './own-topics.ts';

const ends = endsAfterEach();

describe('topics that were just made', () => {
  it('are there for the next one who asks, on a Kafka that had none', { timeout: 120_000 }, async (context) => {
    const kafka = await startKafka(context);
    ends.push(() => kafka.stop());
    for (let time = 0; time < 3; time += 1) {
      const { module, settings } = await makeOwnTopics(kafka.address);
      expect(await openRegistryShelf(module, settings).latest()).toBeUndefined();
    }
  });
});
