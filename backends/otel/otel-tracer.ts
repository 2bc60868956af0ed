/**
 * Traces by OpenTelemetry, sent to a collector in batches (OTLP over HTTP, JSON). What the collector does not take in time
 * is dropped and counted: whoever is followed neither waits nor fails for it. Loaded only where traces are wanted.
 */
import {
  isSpanContextValid,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Context,
  type SpanContext,
  type Tracer as SdkTracer,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { AlwaysOnSampler, BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import type { Span, SpanAttributes, SpanName, Tracer } from '../../contracts/ports/tracer.ts';
import { CountingExporter, type TraceFigures } from './counting-exporter.ts';

export interface OtelTracerOptions {
  /** Of the collector; what it takes traces under is put behind it. */
  readonly url: string;
  /** Of what comes in, 0 to 100. */
  readonly sharePercent: number;
  /** As the traces show it: name and version of the process. */
  readonly service: { readonly name: string; readonly version: string };
  /** Told once, of the first time that the collector did not take something. */
  readonly refused: (error: Error) => void;
  /** [0, 1); decides what is followed. */
  readonly random?: () => number;
}

export interface OtelTracer extends Tracer {
  readonly figures: Readonly<TraceFigures>;
  /** Sends what is left, for two seconds at most; what ends later is dropped. Idempotent. */
  close(): Promise<void>;
}

/** Also how long an unwell collector can hold up the end of a process. */
const SEND_MS = 2_000;
const CLOSE_MS = 2_000;
const SEND_EVERY_MS = 2_000;
const AT_ONCE = 512;
/** Spans that wait; further ones are dropped. About 2 MB. */
const MOST_WAITING = 2_048;

const CONTEXT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

function toText({ traceId, spanId, traceFlags }: SpanContext): string {
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
}

function parentOf(text: string): Context | undefined {
  const [, traceId = '', spanId = '', flags = ''] = CONTEXT.exec(text) ?? [];
  const traceFlags = Number.parseInt(flags, 16);
  const parent: SpanContext = { traceId, spanId, traceFlags, isRemote: true };
  const isFollowed = isSpanContextValid(parent) && (traceFlags & TraceFlags.SAMPLED) !== 0;
  return isFollowed ? trace.setSpanContext(ROOT_CONTEXT, parent) : undefined;
}

/** Names of ours among those of others. */
function named(attributes: SpanAttributes): Record<string, string | number> {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`stackwarden.${name}`, value]));
}

function begin(tracer: SdkTracer, name: SpanName, parent: Context): Span {
  const span = tracer.startSpan(name, { kind: SpanKind.CONSUMER }, parent);
  return {
    context: toText(span.spanContext()),
    end(attributes, failure) {
      span.setAttributes(named(attributes));
      if (failure !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: failure });
      span.end();
    },
  };
}

function endpointOf(url: string): string {
  return `${url.replace(/\/+$/, '')}/v1/traces`;
}

async function closeWithin(provider: TracerProvider): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, CLOSE_MS);
  });
  // What could not be sent was counted.
  const sent = provider.shutdown().catch((error: unknown) => error);
  await Promise.race([sent, late]);
  clearTimeout(timer);
}

export function openOtelTracer(options: OtelTracerOptions): OtelTracer {
  const { url, sharePercent, service, refused, random = Math.random } = options;
  const exporter = new CountingExporter(
    new OTLPTraceExporter({ url: endpointOf(url), timeoutMillis: SEND_MS, keepAlive: true }),
    refused,
  );
  const batches = new BatchSpanProcessor({
    exporter,
    maxQueueSize: MOST_WAITING,
    maxExportBatchSize: AT_ONCE,
    scheduledDelayMillis: SEND_EVERY_MS,
    exportTimeoutMillis: 2 * SEND_MS,
  });
  const provider = new TracerProvider({
    // What is followed is decided here, once for the whole way.
    sampler: new AlwaysOnSampler(),
    resource: resourceFromAttributes({ 'service.name': service.name, 'service.version': service.version }),
    spanProcessors: [batches],
  });
  const tracer = provider.getTracer('stackwarden');
  let closed: Promise<void> | undefined;
  return {
    figures: exporter.figures,
    follow: (name) => (random() * 100 < sharePercent ? begin(tracer, name, ROOT_CONTEXT) : undefined),
    goOn(name, context) {
      const parent = parentOf(context);
      return parent === undefined ? undefined : begin(tracer, name, parent);
    },
    close: () => (closed ??= closeWithin(provider)),
  };
}
