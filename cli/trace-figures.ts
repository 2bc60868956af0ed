/** What became of the parts of ways that were followed, in a stage's metrics. */
import type { Registry } from 'prom-client';
import { showCounter } from './shown-metrics.ts';

export interface TraceFigures {
  readonly sent: number;
  readonly lost: number;
}

/** Nothing where nothing is followed. */
export function showTraces(registry: Registry, figures: TraceFigures | undefined): void {
  if (figures === undefined) return;
  showCounter(registry, {
    name: 'stackwarden_traces_spans_total',
    help: 'parts of ways that were followed: sent to the collector, or lost because it did not take them',
    labels: ['outcome'],
    read: () => [
      { labels: { outcome: 'sent' }, value: figures.sent },
      { labels: { outcome: 'lost' }, value: figures.lost },
    ],
  });
}
