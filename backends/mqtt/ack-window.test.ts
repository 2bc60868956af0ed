import { describe, expect, it } from 'vitest';
import { AckWindow } from './ack-window.ts';

function open(): {
  window: AckWindow;
  acknowledged: number[];
  refusals: () => number;
  answer: (payload: string, isDurable: boolean) => Promise<void>;
} {
  const answers = new Map<string, (isDurable: boolean) => void>();
  const acknowledged: number[] = [];
  let refusals = 0;
  const window = new AckWindow({
    deliver: (_topic, payload) =>
      new Promise((resolve) => {
        answers.set(payload.toString(), resolve);
      }),
    acknowledge: (messageId) => acknowledged.push(messageId),
    refused: () => {
      refusals += 1;
    },
  });
  const answer = async (payload: string, isDurable: boolean): Promise<void> => {
    answers.get(payload)?.(isDurable);
    await new Promise(setImmediate);
  };
  return { window, acknowledged, refusals: () => refusals, answer };
}

const take = (window: AckWindow, messageId: number | undefined, payload = String(messageId)): void => {
  window.take('t', Buffer.from(payload), messageId);
};

describe('acknowledgements', () => {
  it('come in the order of arrival, whichever is durable first', async () => {
    const { window, acknowledged, answer } = open();
    for (const id of [7, 8, 9]) take(window, id);
    await answer('9', true);
    await answer('8', true);
    expect(acknowledged).toEqual([]);
    await answer('7', true);
    expect(acknowledged).toEqual([7, 8, 9]);
    await window.settled();
  });

  it('end with the first message that is refused, once', async () => {
    const { window, acknowledged, refusals, answer } = open();
    for (const id of [1, 2, 3]) take(window, id);
    await answer('1', true);
    await answer('2', false);
    await answer('3', false);
    expect([acknowledged, refusals()]).toEqual([[1], 1]);
    await window.settled();
  });

  it('are not given to a connection that is gone', async () => {
    const { window, acknowledged, refusals, answer } = open();
    take(window, 1);
    take(window, 2);
    window.close();
    await answer('1', true);
    await answer('2', false);
    expect([acknowledged, refusals()]).toEqual([[], 0]);
  });

  it('are not owed to who asked for none', async () => {
    const { window, acknowledged, answer } = open();
    take(window, undefined, 'free');
    take(window, 1);
    await answer('1', true);
    expect(acknowledged).toEqual([1]);
    await answer('free', false);
    await window.settled();
  });
});
