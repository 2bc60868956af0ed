/**
 * Commits without transactions: outputs first, and the state that says so behind them. What is repeated after a crash is
 * told apart by its ids and offsets; an owner that hung writes into an epoch that no longer counts.
 */
import { UnavailableError } from '../../contracts/errors.ts';
import type { CommitFigures, Committer, Contribution } from './committer.ts';
import type { DurableProducer } from './durable-producer.ts';

export interface PlainOptions {
  readonly producer: DurableProducer;
  readonly figures: CommitFigures;
  /** False once the group may have given the partitions to somebody else. */
  readonly isMember: () => boolean;
}

export function createPlainCommitter({ producer, figures, isMember }: PlainOptions): Committer {
  let failure: Error | undefined;
  const send = async (messages: Contribution['outputs']): Promise<void> => {
    if (failure !== undefined) throw failure;
    if (!isMember())
      throw new UnavailableError('this process was not heard of for too long: others own its partitions');
    await producer.send(messages);
    figures.messages += messages.length;
    for (const { value } of messages) figures.bytes += value?.length ?? 0;
  };
  return {
    async commit({ outputs, state }) {
      try {
        await send(outputs);
        await send(state);
      } catch (error) {
        figures.failed += 1;
        failure ??= error instanceof Error ? error : new UnavailableError(String(error));
        throw failure;
      }
    },
    close: () => producer.close(),
  };
}
