/** What is done with messages, as the next part of the ways that they go on for. */
import type { Span, SpanAttributes, SpanName, Tracer } from '../../contracts/ports/tracer.ts';

/** A message with the traces that it goes on for. */
export interface TracedMessage {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly traces: readonly string[];
}

interface Part {
  readonly span: Span;
  readonly attributes: SpanAttributes;
}

/** One part for each way, also where several messages are of the same. */
function beginParts(tracer: Tracer, name: SpanName, messages: readonly TracedMessage[]): readonly Part[] {
  const parts = new Map<string, Part>();
  for (const { traces, topic, partition, offset } of messages) {
    for (const context of traces) {
      if (parts.has(context)) continue;
      const span = tracer.goOn(name, context);
      if (span !== undefined) parts.set(context, { span, attributes: { topic, partition, offset } });
    }
  }
  return [...parts.values()];
}

/**
 * @param work is done in any case, and what it throws is thrown
 * @param counts how much there was in all of the messages
 */
export async function traced<T>(
  tracer: Tracer | undefined,
  { name, messages }: { readonly name: SpanName; readonly messages: () => readonly TracedMessage[] },
  work: () => Promise<T>,
  counts: (done: T) => SpanAttributes,
): Promise<T> {
  const parts = tracer === undefined ? [] : beginParts(tracer, name, messages());
  try {
    const done = await work();
    for (const { span, attributes } of parts) span.end({ ...attributes, ...counts(done) });
    return done;
  } catch (error) {
    for (const { span, attributes } of parts) span.end(attributes, 'refused; it is tried again');
    throw error;
  }
}
