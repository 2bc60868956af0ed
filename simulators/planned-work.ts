/** What a firm has decided about a line for a time, by its own plans or because of an order. */
import type { Span } from './plants/span.ts';

/** The line stands still. */
export interface PlannedStop extends Span {
  readonly line: string;
}

/** The line works less. */
export interface Reduction extends Span {
  readonly line: string;
  /** What is left of its work. */
  readonly factor: number;
}
