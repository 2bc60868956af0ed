import { describe, expect, it } from 'vitest';
import type { KafkaConsumer } from 'node-rdkafka';
import { UnavailableError } from '../../contracts/errors.ts';
import type { Refusal } from './group-commits.ts';
import { createGroupFence } from './group-fence.ts';

/** Only handed on, to whoever sends offsets along with a transaction. */
const NOT_ASKED = undefined as unknown as KafkaConsumer;
const PLACE = { topic: 'log', partition: 0, offset: 7 };

function fenceThatHears(answers: readonly (Refusal | undefined)[]): { confirm: () => Promise<void>; asked: unknown[] } {
  const asked: unknown[] = [];
  const fence = createGroupFence(NOT_ASKED, (places) => {
    asked.push(...places);
    return Promise.resolve(answers[asked.length - 1]);
  });
  return { confirm: () => fence.confirm(PLACE), asked };
}

describe('the fence of a group', () => {
  it('lets a member through', async () => {
    const { confirm, asked } = fenceThatHears([undefined]);
    await confirm();
    expect(asked).toEqual([PLACE]);
  });

  it('asks again while the group is being divided', async () => {
    const { confirm, asked } = fenceThatHears([
      { message: 'rebalance', code: 27 },
      { message: 'generation', code: 22 },
    ]);
    await confirm();
    expect(asked).toHaveLength(3);
  });

  it.each<Refusal>([{ message: 'unknown member', code: 25 }, { message: 'no answer' }])(
    'keeps out whom the group does not know: $message',
    async (refusal) => {
      const { confirm, asked } = fenceThatHears([refusal]);
      const refused = confirm();
      await expect(refused).rejects.toThrow(UnavailableError);
      await expect(refused).rejects.toThrow(refusal.message);
      expect(asked).toHaveLength(1);
    },
  );
});
