/**
 * Following single reports on their way through the processes, for whoever wants to see where time goes. It changes
 * nothing of what is done: without a tracer the same happens, and a tracer never throws and never waits.
 */

/** A part of the way. */
export type SpanName = 'mqtt.receive' | 'detect' | 'detect.finding' | 'api.store' | 'series.write';

/** Where and how many; never what was measured, nor anything that opens a door. */
export type SpanAttributes = Readonly<Record<string, string | number>>;

export interface Span {
  /** W3C `traceparent`: whoever gets it makes the next part of the same way. */
  readonly context: string;
  /** @param failure why this part did not come to its end */
  end(attributes: SpanAttributes, failure?: string): void;
}

export interface Tracer {
  /** Begins the way of something that came in, if it is among those that are followed. */
  follow(name: SpanName): Span | undefined;
  /** Begins the next part; nothing where the text is no context, or of something that is not followed. */
  goOn(name: SpanName, context: string): Span | undefined;
}
