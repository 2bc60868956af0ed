/** A tracer that keeps what it is told. */
import type { Span, SpanAttributes, SpanName, Tracer } from '../../contracts/ports/tracer.ts';

export interface FakeSpan {
  readonly name: SpanName;
  readonly parent: string | undefined;
  readonly context: string;
  ends: number;
  attributes: SpanAttributes | undefined;
  failure: string | undefined;
}

export interface FakeTracer extends Tracer {
  readonly spans: readonly FakeSpan[];
  /** Those that came to an end, in the order of their beginning, as `name<parent`. */
  ended(): readonly string[];
}

/** Follows everything; contexts are numbers. */
export function createFakeTracer(): FakeTracer {
  const spans: FakeSpan[] = [];
  const begin = (name: SpanName, parent: string | undefined): Span => {
    const context = String(spans.length + 1);
    const span: FakeSpan = { name, parent, context, ends: 0, attributes: undefined, failure: undefined };
    spans.push(span);
    return {
      context,
      end(attributes, failure) {
        span.ends += 1;
        span.attributes = attributes;
        span.failure = failure;
      },
    };
  };
  return {
    spans,
    ended: () => spans.filter(({ ends }) => ends === 1).map(({ name, parent }) => `${name}<${parent ?? ''}`),
    follow: (name) => begin(name, undefined),
    goOn: (name, context) => (context === 'unknown' ? undefined : begin(name, context)),
  };
}
