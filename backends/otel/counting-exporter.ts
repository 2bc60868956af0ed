/** Counts what a collector took and what it did not, and tells of the latter once. */
import type { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import type { SpanExporter } from '@opentelemetry/sdk-trace';

/** Only counts up. */
export interface TraceFigures {
  /** Parts of ways that the collector took. */
  sent: number;
  /** Parts that it did not take in time, or refused. */
  lost: number;
}

export class CountingExporter implements SpanExporter {
  readonly figures: TraceFigures = { sent: 0, lost: 0 };
  readonly #inner: Pick<OTLPTraceExporter, 'export' | 'shutdown'>;
  readonly #refused: (error: Error) => void;
  #wasTold = false;

  constructor(inner: Pick<OTLPTraceExporter, 'export' | 'shutdown'>, refused: (error: Error) => void) {
    this.#inner = inner;
    this.#refused = refused;
  }

  export(...[spans, done]: Parameters<SpanExporter['export']>): void {
    this.#inner.export(spans, (result) => {
      // 0 is the code of success; the enumeration belongs to a package that nothing else is needed of.
      const isTaken = (result.code as number) === 0;
      this.figures[isTaken ? 'sent' : 'lost'] += spans.length;
      if (!isTaken) this.#tell(result.error);
      done(result);
    });
  }

  shutdown(): Promise<void> {
    return this.#inner.shutdown();
  }

  #tell(error: Error | undefined): void {
    if (this.#wasTold) return;
    this.#wasTold = true;
    this.#refused(error ?? new Error('the collector did not take traces'));
  }
}
