import { EventEmitter } from 'node:events';
import type { KafkaConsumer, TopicPartitionOffset } from 'node-rdkafka';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { GroupCommits } from './group-commits.ts';

const at = (partition: number, offset: number): TopicPartitionOffset => ({ topic: 'log', partition, offset });

/** A member that answers when it is told to. */
function quietMember(): { readonly commits: GroupCommits; readonly answer: (...args: unknown[]) => void } {
  const member = Object.assign(new EventEmitter(), { commit: vi.fn() });
  return {
    commits: new GroupCommits(member as unknown as KafkaConsumer),
    answer: (...args) => member.emit('offset.commit', ...args),
  };
}

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

describe('commits of a group', () => {
  it('are told of what the server says of each, in whichever order it answers', async () => {
    const { commits, answer } = quietMember();
    const first = commits.send([at(0, 5), at(1, 6)]);
    const second = commits.send([at(0, 7)]);
    answer({ message: 'unknown member', code: 25 }, [at(0, 7)]);
    answer(undefined, [at(1, 6), at(0, 5)]);
    expect(await first).toBeUndefined();
    expect(await second).toMatchObject({ code: 25 });
  });

  it('take no answer that comes after their time for that of another', async () => {
    const { commits, answer } = quietMember();
    const late = commits.send([at(0, 5)]);
    await vi.advanceTimersByTimeAsync(3_000);
    expect(await late).toEqual({ message: 'no answer' });
    const next = commits.send([at(0, 6)]);
    answer(undefined, [at(0, 5)]);
    answer({ message: 'unknown member', code: 25 }, [at(0, 6)]);
    expect(await next).toMatchObject({ code: 25 });
  });

  it('take a late answer for its own, also of the same places', async () => {
    const { commits, answer } = quietMember();
    const late = commits.send([at(0, 5)]);
    await vi.advanceTimersByTimeAsync(3_000);
    expect(await late).toEqual({ message: 'no answer' });
    const next = commits.send([at(0, 5)]);
    answer(undefined, [at(0, 5)]);
    answer({ message: 'unknown member', code: 25 }, [at(0, 5)]);
    expect(await next).toMatchObject({ code: 25 });
  });

  it('of the same places are answered one after the other', async () => {
    const { commits, answer } = quietMember();
    const same = [commits.send([at(0, 5)]), commits.send([at(0, 5)])];
    answer(undefined, [at(0, 5)]);
    answer({ message: 'rebalance', code: 27 }, [at(0, 5)]);
    expect(await Promise.all(same)).toEqual([undefined, { message: 'rebalance', code: 27 }]);
  });
});
