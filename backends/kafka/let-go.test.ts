import type { TopicPartition } from 'node-rdkafka';
import { describe, expect, it } from 'vitest';
import { letGo } from './let-go.ts';

const place = (partition: number): TopicPartition => ({ topic: 'log', partition });

function member(refuses = false): { readonly said: string[] } & Parameters<typeof letGo>[0] {
  const said: string[] = [];
  const say =
    (word: string) =>
    (places: readonly { readonly partition: number }[]): never => {
      said.push(`${word} ${places.map(({ partition }) => partition).join()}`);
      if (word === 'resume' && refuses) throw new Error('Local: Erroneous state');
      return undefined as never;
    };
  return { said, resume: say('resume'), incrementalUnassign: say('unassign') };
}

describe('partitions that are given back', () => {
  it('are told to go on before, those that were told to wait and no other', () => {
    const some = member();
    letGo(some, [place(1), place(2)], [place(2)]);
    expect(some.said).toEqual(['resume 2', 'unassign 1,2']);
    const none = member();
    letGo(none, [place(1)], []);
    expect(none.said).toEqual(['unassign 1']);
  });

  it('are given back also where they cannot be told', () => {
    const refusing = member(true);
    expect(() => {
      letGo(refusing, [place(1)], [place(1)]);
    }).toThrow('Erroneous state');
    expect(refusing.said).toEqual(['resume 1', 'unassign 1']);
  });
});
