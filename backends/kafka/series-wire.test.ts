import type { Message } from 'node-rdkafka';
import { expect, it } from 'vitest';
import { UnavailableError } from '../../contracts/errors.ts';
import type { Finding } from '../../contracts/finding.ts';
import type { KafkaSettings } from './kafka-settings.ts';
import { encodeOutcomes, encodeSamples } from './outcome-wire.ts';
import { deadSeriesMessage, readSeriesMessages } from './series-wire.ts';

const settings: KafkaSettings = { brokers: '', prefix: 't.', partitions: 2, transactions: true };

function message(topic: string, value: Buffer | string | null, offset = 0): Message {
  const bytes = typeof value === 'string' ? Buffer.from(value) : value;
  return { topic: `t.${topic}`, partition: 1, offset, value: bytes, size: bytes?.length ?? 0 };
}

const sample = {
  site: 'a',
  device: 'b',
  ts: 1,
  periodMs: 0,
  received: 2,
  signals: ['so2'],
  values: [1],
  flags: 'N',
  revision: 0,
};
const finding: Finding = {
  id: 'f-1',
  rule: 'limit.hour',
  ruleVersion: 1,
  category: 'exceedance',
  site: 'a',
  district: 'd',
  subject: {},
  start: '2026-01-01T00:00:00Z',
  end: null,
  detectedAt: '2026-01-01T00:00:00Z',
  state: 'open',
  revision: 1,
  severity: 'high',
  confidence: 1,
  title: { zh: '', en: '' },
  explanation: { zh: '', en: '' },
  evidence: {},
  basis: [],
};
const nothing = { findings: [], means: [], samples: [], deadLetters: [], orders: [], marks: [], state: [], counts: {} };

it('values and outcomes become one batch that knows where each item is from', () => {
  const [values] = encodeSamples([sample]);
  const [outcome] = encodeOutcomes(0, { ...nothing, nextOffset: 5, findings: [finding], counts: { stored: 1 } });
  const messages = [message('samples', values ?? null, 7), message('outcomes', outcome ?? null, 9)];
  const read = readSeriesMessages(settings, messages);
  expect(read.batch).toEqual({ samples: [sample], means: [], findings: [finding] });
  expect([...read.from.values()].map(({ offset }) => offset)).toEqual([7, 9]);
  expect(read.unreadable).toEqual([]);
});

it.each([
  ['no JSON', 'samples', '{'],
  ['nothing', 'samples', null],
  ['no list', 'samples', '{"v":1}'],
  ['no object', 'outcomes', 'null'],
  ['samples that are none', 'samples', '{"v":1,"samples":[{"site":"a","device":"b","flags":"N"}]}'],
  ['a mean that is none', 'outcomes', '{"v":1,"means":[{"site":"a"}]}'],
  ['a finding without a subject', 'outcomes', JSON.stringify({ v: 1, findings: [{ ...finding, subject: null }] })],
])('%s is set aside, and the others are read', (_, topic, value) => {
  const [values] = encodeSamples([sample]);
  const read = readSeriesMessages(settings, [message(topic, value, 1), message('samples', values ?? null, 2)]);
  expect(read.unreadable).toMatchObject([{ message: { offset: 1 }, reason: /not written by a detector: / }]);
  expect(read.batch.samples).toEqual([sample]);
});

it('what a later version wrote is waited for, not set aside', () => {
  expect(() => readSeriesMessages(settings, [message('samples', '{"v":99,"samples":[]}')])).toThrow(UnavailableError);
});

it('what is set aside says what it was, why and from where, and not more than can be sent', () => {
  const source = { topic: 't.samples', partition: 1, offset: 7 };
  const of = (what: Parameters<typeof deadSeriesMessage>[2]): unknown =>
    JSON.parse(String(deadSeriesMessage(settings, source, what).value));
  expect(deadSeriesMessage(settings, source, { reason: 'x' })).toMatchObject({
    topic: 't.series-dead',
    partition: 0,
    key: 't.samples/1/7',
  });
  expect(of({ reason: 'conflict', line: 'm a=1 1', item: sample })).toEqual({
    v: 1,
    source,
    reason: 'conflict',
    line: 'm a=1 1',
  });
  expect(of({ reason: 'no line', line: '', item: sample })).toMatchObject({ item: JSON.stringify(sample) });
  expect(of({ reason: 'x', payload: Buffer.from([0, 255]) })).toMatchObject({ payload: 'AP8=' });
  const long = deadSeriesMessage(settings, source, { reason: 'too long', line: 'x'.repeat(3_000_000) });
  expect(long.value?.length).toBeLessThan(1_000_000);
});
