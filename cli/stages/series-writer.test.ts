import type { Message } from 'node-rdkafka';
import { expect, it } from 'vitest';
import type { OutgoingMessage } from '../../backends/kafka/durable-producer.ts';
import { UnavailableError } from '../../contracts/errors.ts';
import type { Sample } from '../../contracts/ports/detection-store.ts';
import type { SeriesStore } from '../../contracts/ports/series-store.ts';
import { createFakeTracer } from '../../tests/support/fake-tracer.ts';
import { createSeriesFigures, writeSeries, type SeriesWriterParts } from './series-writer.ts';

const settings = { brokers: '', prefix: 't.', partitions: 2, transactions: true };
const sampleOf = (ts: number): Sample => ({
  ...{ site: 'a', device: 'b', ts, periodMs: 0, received: 2, signals: ['so2'], values: [1], flags: 'N', revision: 0 },
});
const message = (offset: number, ...samples: Sample[]): Message => {
  const value = Buffer.from(JSON.stringify({ v: 1, samples }));
  return { topic: 't.samples', partition: 1, offset, value, size: value.length };
};

function parts(write: SeriesStore['write']): SeriesWriterParts & { readonly aside: OutgoingMessage[]; said: string[] } {
  const aside: OutgoingMessage[] = [];
  const said: string[] = [];
  return {
    settings,
    store: { write },
    setAside: async (messages) => {
      aside.push(...messages);
    },
    onRefused: (reason, source) => said.push(`${reason} ${source}`),
    figures: createSeriesFigures(),
    aside,
    said,
  };
}

it('sets aside what the store refuses, with the message it came in', async () => {
  const made = parts(async ({ samples }) =>
    samples.filter(({ ts }) => ts === 2).map((item) => ({ item, line: 'the line', reason: 'no' })),
  );
  await writeSeries(made, [message(10, sampleOf(1)), message(11, sampleOf(2), sampleOf(3))]);
  expect(made.aside.map(({ key }) => key)).toEqual(['t.samples/1/11']);
  expect(made.said).toEqual(['no t.samples/1/11']);
  expect(made.figures).toMatchObject({ samples: 3, refused: 1 });
});

it('is not done before what was refused is safe', async () => {
  const made = parts(async ({ samples }) => samples.map((item) => ({ item, line: 'x', reason: 'no' })));
  const failing = { ...made, setAside: () => Promise.reject(new UnavailableError('Kafka is away')) };
  await expect(writeSeries(failing, [message(1, sampleOf(1))])).rejects.toThrow('Kafka is away');
  expect(made.figures).toMatchObject({ samples: 0, refused: 0 });
});

it('counts nothing that was not written', async () => {
  const made = parts(() => Promise.reject(new UnavailableError('InfluxDB is away')));
  await expect(writeSeries(made, [message(1, sampleOf(1))])).rejects.toThrow(UnavailableError);
  expect(made.figures).toEqual({ samples: 0, means: 0, findings: 0, refused: 0, writeSeconds: 0 });
});

it('goes on with the ways of the messages until the store has them', async () => {
  const tracer = createFakeTracer();
  const made = parts(async () => {
    expect(tracer.ended()).toEqual([]);
    return [];
  });
  const headers = [{ traceparent: Buffer.from('a') }, { other: Buffer.from('x') }];
  await writeSeries({ ...made, tracer }, [{ ...message(10, sampleOf(1)), headers }, message(11, sampleOf(2))]);
  expect(tracer.ended()).toEqual(['series.write<a']);
  expect(tracer.spans[0]?.attributes).toMatchObject({ offset: 10, samples: 2, findings: 0 });
});
