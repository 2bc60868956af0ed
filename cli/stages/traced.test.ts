import { expect, it } from 'vitest';
import { createFakeTracer } from '../../tests/support/fake-tracer.ts';
import { traced, type TracedMessage } from './traced.ts';

const message = (offset: number, ...traces: string[]): TracedMessage => ({
  ...{ topic: 't.outcomes', partition: 1, offset, traces },
});

it('makes one part of each way, with the first message that goes on for it', async () => {
  const tracer = createFakeTracer();
  const messages = (): readonly TracedMessage[] => [message(3, 'a'), message(4), message(5, 'b', 'a', 'unknown')];
  const done = await traced(
    tracer,
    { name: 'api.store', messages },
    async () => 'done',
    () => ({ messages: 3 }),
  );
  expect(done).toBe('done');
  expect(tracer.ended()).toEqual(['api.store<a', 'api.store<b']);
  expect(tracer.spans.map(({ attributes }) => attributes)).toEqual([
    { topic: 't.outcomes', partition: 1, offset: 3, messages: 3 },
    { topic: 't.outcomes', partition: 1, offset: 5, messages: 3 },
  ]);
});

it('throws what the work throws, and tells it', async () => {
  const tracer = createFakeTracer();
  const failing = traced(
    tracer,
    { name: 'series.write', messages: () => [message(3, 'a')] },
    () => Promise.reject(new Error('full')),
    () => ({}),
  );
  await expect(failing).rejects.toThrow('full');
  expect(tracer.spans).toMatchObject([{ ends: 1, failure: 'refused; it is tried again' }]);
});

it('does not look at the messages while it is off', async () => {
  const messages = (): never => {
    throw new Error('looked');
  };
  expect(
    await traced(
      undefined,
      { name: 'api.store', messages },
      async () => 1,
      () => ({}),
    ),
  ).toBe(1);
});
