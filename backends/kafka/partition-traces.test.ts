import type { Message } from 'node-rdkafka';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../contracts/finding.ts';
import type { LogRecord } from '../../contracts/log-record.ts';
import { createFakeTracer, type FakeTracer } from '../../tests/support/fake-tracer.ts';
import { PartitionTraces } from './partition-traces.ts';
import { traceHeaders } from './trace-headers.ts';

const TEN = '2026-02-02T10:00:00+08:00';

interface Setup {
  readonly tracer: FakeTracer;
  readonly traces: PartitionTraces;
  clock: number;
  /** Reads a report that is followed. */
  read(offset: number, site: string, more?: { readonly body?: string; readonly context?: string }): void;
}

function setup(): Setup {
  const tracer = createFakeTracer();
  const made: Setup = {
    tracer,
    clock: 5_000,
    traces: new PartitionTraces(tracer, 3, () => made.clock),
    read(offset, site, { body = `{"ts":"${TEN}"}`, context = `in-${String(offset)}` } = {}) {
      const record: LogRecord = { kind: 'report', offset, received: 1_000, site, device: 'm-1', body };
      const message = { offset, ...traceHeaders([context]) } as unknown as Message;
      made.traces.begin([message], [record], 0);
    },
  };
  return made;
}

const finding = (site: string, more: Partial<Finding> = {}): Finding =>
  ({ id: `f-${site}`, site, revision: 1, detectedAt: '2026-02-02T02:00:00Z', ...more }) as Finding;

describe('a record that is followed', () => {
  it('ends with the commit that covers its offset, not with the one before', () => {
    const { traces, tracer, read } = setup();
    read(7, 'a');
    expect(traces.commit(7, [])).toBeUndefined();
    const commit = traces.commit(8, [finding('a'), finding('b')]);
    expect(commit?.contexts).toEqual(['1']);
    expect(commit?.contextOf(finding('a'))).toBe('1');
    expect(commit?.contextOf(finding('b'))).toBeUndefined();
    expect(tracer.ended()).toEqual([]);
    commit?.stored();
    expect(tracer.ended()).toEqual(['detect<in-7']);
    expect(tracer.spans[0]?.attributes).toEqual({
      ...{ site: 'a', device: 'm-1', partition: 3, offset: 7, lagMs: 4_000, findings: 1 },
    });
    expect(traces.commit(9, [])).toBeUndefined();
  });

  it('begins nothing where the message says nothing, or what is not followed, or is only read again', () => {
    const { traces, tracer, read } = setup();
    const tick: LogRecord = { kind: 'tick', offset: 1, received: 1_000 };
    traces.begin([{ offset: 1 } as Message], [tick], 0);
    read(2, 'a', { context: 'unknown' });
    traces.begin([{ offset: 3, ...traceHeaders(['x']) } as unknown as Message], [{ ...tick, offset: 3 }], 4);
    expect(tracer.spans).toEqual([]);
    expect(traces.commit(9, [finding('a')])).toBeUndefined();
  });

  it('is not followed beyond a thousand at one time', () => {
    const { tracer, read } = setup();
    for (let offset = 0; offset < 1_100; offset += 1) read(offset, 'a');
    expect(tracer.spans).toHaveLength(1_000);
  });
});

describe('a report that is held', () => {
  it('goes on with the commit of a finding that first stood after it', () => {
    const { traces, tracer, read } = setup();
    read(1, 'a');
    traces.commit(2, [])?.stored();
    expect(traces.commit(3, [finding('b'), finding('a', { revision: 2 })])).toBeUndefined();
    expect(traces.commit(4, [finding('a', { detectedAt: '2026-02-02T02:00:01Z' })])).toBeUndefined();
    const commit = traces.commit(5, [finding('a')]);
    expect(commit?.contexts).toEqual(['2']);
    expect(commit?.contextOf(finding('a'))).toBe('2');
    commit?.stored();
    expect(tracer.ended()).toEqual(['detect<in-1', 'detect.finding<1']);
    expect(tracer.spans[1]?.attributes).toMatchObject({ site: 'a', findings: 1 });
    expect(traces.commit(6, [finding('a')])).toBeUndefined();
  });

  it('has the end of its period as its time', () => {
    const { traces, read } = setup();
    read(1, 'a', { body: '{"ts":"2026-02-02T09:45:00+08:00","period":"PT15M"}' });
    traces.commit(2, [])?.stored();
    expect(traces.commit(3, [finding('a')])?.contexts).toEqual(['2']);
  });

  it('is waited for no longer than it can be held', () => {
    const made = setup();
    made.read(1, 'a');
    made.traces.commit(2, [])?.stored();
    made.clock += 90_001;
    expect(made.traces.commit(3, [finding('a')])).toBeUndefined();
  });

  it.each(['no json', 'null', '{}', '{"ts":5}', '{"ts":"x"}', `{"ts":"${TEN}","period":"PT9H"}`])(
    'is none where its text is %s',
    (body) => {
      const { traces, tracer, read } = setup();
      read(1, 'a', { body });
      traces.commit(2, [])?.stored();
      expect(tracer.spans.map(({ name }) => name)).toEqual(['detect']);
    },
  );
});
