/** Figures that are counted elsewhere, shown in the Prometheus text format as they stand when they are asked for. */
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

export type Labelled = readonly {
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
}[];

export interface Shown {
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly string[];
  readonly read: () => number | Labelled;
}

function show(metric: Counter | Gauge, value: number | Labelled): void {
  metric.reset();
  if (typeof value === 'number') metric.inc(value);
  else for (const { labels, value: one } of value) metric.inc(labels, one);
}

export function showCounter(registry: Registry, { name, help, labels = [], read }: Shown): void {
  new Counter({
    name,
    help,
    labelNames: [...labels],
    registers: [registry],
    collect() {
      show(this, read());
    },
  });
}

export function showGauge(registry: Registry, { name, help, labels = [], read }: Shown): void {
  new Gauge({
    name,
    help,
    labelNames: [...labels],
    registers: [registry],
    collect() {
      show(this, read());
    },
  });
}

export interface ShownHistogram {
  readonly name: string;
  readonly help: string;
  /** Upper bounds of the classes. */
  readonly bounds: readonly number[];
  /** How many are in each class, the last one open to above; and their sum. */
  readonly read: () => { readonly counts: readonly number[]; readonly sum: number };
}

/** A histogram that was counted elsewhere: its lines are made as the format says, cumulated. */
export class CountedHistogram extends Histogram {
  readonly #shown: ShownHistogram;

  constructor(registry: Registry, shown: ShownHistogram) {
    super({ name: shown.name, help: shown.help, buckets: [...shown.bounds], registers: [registry] });
    this.#shown = shown;
  }

  /** What the text is made from; the package asks for it under this name, and for JSON by `get`. */
  getForPromString(): ReturnType<Histogram['get']> {
    return this.get();
  }

  override async get(): ReturnType<Histogram['get']> {
    const { name, help, bounds, read } = this.#shown;
    const { counts, sum } = read();
    let total = 0;
    const values = counts.map((count, at) => {
      total += count;
      return { labels: { le: bounds[at] ?? '+Inf' }, value: total, metricName: `${name}_bucket` };
    });
    const described: unknown = {
      name,
      help,
      type: 'histogram',
      aggregator: 'sum',
      values: [
        ...values,
        { labels: {}, value: sum, metricName: `${name}_sum` },
        { labels: {}, value: total, metricName: `${name}_count` },
      ],
    };
    return described as Awaited<ReturnType<Histogram['get']>>;
  }
}
